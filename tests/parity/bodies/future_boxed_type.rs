use monitor_runtime::monitored;

use std::future::Future;
use std::pin::Pin;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> Pin<Box<dyn Future<Output = u64> + Send>> {
    Box::pin(async move { n })
}

fn main() {}
