use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(rows: Vec<u32>, at: i32) -> u32 {
    rows[at]
}

fn main() {}
