use monitor_runtime::{monitored, retry};

#[monitored(stage = "NBA-17")]
#[retry]
async fn f(n: u32) -> Result<u32, String> {
    if n > 1 {
        return Err("many");
    }
    Ok(n)
}

fn main() {}
