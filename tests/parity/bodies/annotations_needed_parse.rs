use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(text: &str) -> Result<String, std::num::ParseIntError> {
    let n = text.parse()?;
    Ok(format!("{n}"))
}

fn main() {}
