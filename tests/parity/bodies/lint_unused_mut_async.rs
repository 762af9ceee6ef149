use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(n: u32) -> u32 {
    let mut m = n;
    m + 1
}

fn main() {}
