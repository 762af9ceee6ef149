use monitor_runtime::{monitored, retry};

#[retry]
#[monitored(stage = "NBA-17")]
async fn f(n: u32) -> Result<u32, String> {
    let m = n + 1;
    m
}

fn main() {}
