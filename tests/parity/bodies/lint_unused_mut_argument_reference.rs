use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(mut rows: &mut Vec<u32>) {
    rows.push(1);
}

fn main() {}
