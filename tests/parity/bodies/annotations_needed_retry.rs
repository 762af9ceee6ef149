use monitor_runtime::retry;

#[retry]
fn f(text: &str) -> Result<String, std::num::ParseIntError> {
    let n = text.parse()?;
    Ok(format!("{n}"))
}

fn main() {}
