use monitor_runtime::retry;

async fn other() -> Result<u32, String> {
    Ok(1)
}

#[retry]
async fn f() -> Result<u32, String> {
    let n = other()?;
    Ok(n)
}

fn main() {}
