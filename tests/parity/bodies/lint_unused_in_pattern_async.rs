use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f((n, unused): (u32, u32)) -> u32 {
    n
}

fn main() {}
