use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(rows: Vec<u32>) -> usize {
    rows.length()
}

fn main() {}
