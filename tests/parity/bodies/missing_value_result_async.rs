use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(n: Result<u32, String>) -> Result<(), String> {
    n?;
}

fn main() {}
