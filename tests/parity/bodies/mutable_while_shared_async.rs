use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(mut rows: Vec<u32>) -> u32 {
    let first = &rows[0];
    rows.push(2);
    *first
}

fn main() {}
