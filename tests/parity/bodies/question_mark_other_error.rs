use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(text: &str) -> Result<u32, std::fmt::Error> {
    let n: u32 = text.parse()?;
    Ok(n)
}

fn main() {}
