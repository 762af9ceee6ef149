use monitor_runtime::{monitored, retry};

#[monitored(stage = "NBA-17")]
#[retry]
async fn f(n: u32, unused: u32) -> Result<u32, String> {
    Ok(n)
}

fn main() {}
