use monitor_runtime::monitored;

async fn other() -> Result<u32, String> {
    Ok(1)
}

#[monitored(stage = "NBA-17")]
async fn f() -> Result<u32, String> {
    let n = other()?;
    Ok(n)
}

fn main() {}
