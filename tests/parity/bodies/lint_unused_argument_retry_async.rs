use monitor_runtime::retry;

#[retry]
async fn f(n: u32, unused: u32) -> Result<u32, String> {
    Ok(n)
}

fn main() {}
