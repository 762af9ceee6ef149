use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(n: Option<u32>) -> Result<u32, String> {
    Ok(n? + 1)
}

fn main() {}
