use monitor_runtime::retry;

#[retry]
fn f(text: &str) -> Result<u32, std::fmt::Error> {
    let n: u32 = text.parse()?;
    Ok(n)
}

fn main() {}
