use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> Result<u32, String> {
    Ok(n? + 1)
}

fn main() {}
