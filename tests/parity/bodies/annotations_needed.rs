use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f() -> usize {
    let rows = Vec::new();
    rows.len()
}

fn main() {}
