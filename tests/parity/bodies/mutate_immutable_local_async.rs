use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f() -> usize {
    let rows = Vec::new();
    rows.push(1);
    rows.len()
}

fn main() {}
