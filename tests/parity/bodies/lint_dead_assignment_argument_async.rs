use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(mut n: u32) -> u32 {
    n = 2;
    n
}

fn main() {}
