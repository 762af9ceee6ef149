use monitor_runtime::{monitored, retry};

#[monitored(stage = "NBA-17")]
#[retry]
async fn f(text: &str) -> Result<u32, std::fmt::Error> {
    let n: u32 = text.parse()?;
    Ok(n)
}

fn main() {}
