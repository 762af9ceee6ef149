use monitor_runtime::monitored;

fn read() -> Result<String, String> {
    Ok(String::new())
}

#[monitored(stage = "NBA-17")]
async fn f() {
    let text = read()?;
    drop(text);
}

fn main() {}
