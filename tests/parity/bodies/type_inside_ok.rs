use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u8) -> Result<u32, String> {
    Ok(n)
}

fn main() {}
