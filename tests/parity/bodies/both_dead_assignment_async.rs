use monitor_runtime::{monitored, retry};

#[retry]
#[monitored(stage = "NBA-17")]
async fn f(n: u32) -> Result<u32, String> {
    let mut m = n;
    m = 2;
    Ok(m)
}

fn main() {}
