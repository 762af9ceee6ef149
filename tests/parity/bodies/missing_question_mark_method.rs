use monitor_runtime::monitored;

fn read() -> Result<String, String> {
    Ok(String::new())
}

#[monitored(stage = "NBA-17")]
fn f() -> Result<usize, String> {
    Ok(read().trim().len())
}

fn main() {}
