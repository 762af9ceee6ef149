use monitor_runtime::monitored;

use std::future::Future;

#[monitored(stage = "NBA-17")]
fn f(text: String) -> impl Future<Output = Result<u32, std::fmt::Error>> {
    async move {
        let n: u32 = text.parse()?;
        Ok(n)
    }
}

fn main() {}
