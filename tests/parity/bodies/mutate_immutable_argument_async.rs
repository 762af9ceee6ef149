use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(rows: Vec<u32>) -> usize {
    rows.push(1);
    rows.len()
}

fn main() {}
