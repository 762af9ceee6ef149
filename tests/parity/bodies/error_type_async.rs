use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(n: u32) -> Result<u32, std::fmt::Error> {
    if n > 1 {
        return Err("too many");
    }
    Ok(n)
}

fn main() {}
