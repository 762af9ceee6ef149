use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(mut n: u32) -> u32 {
    let m = n;
    n = 2;
    m
}

fn main() {}
