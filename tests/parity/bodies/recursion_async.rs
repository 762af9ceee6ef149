use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(n: u32) -> u32 {
    if n == 0 {
        return 0;
    }
    f(n - 1).await
}

fn main() {}
