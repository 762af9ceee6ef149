use monitor_runtime::retry;

fn read() -> Result<String, String> {
    Ok(String::new())
}

#[retry]
async fn f() -> Result<usize, String> {
    let text: String = read();
    Ok(text.len())
}

fn main() {}
