use monitor_runtime::monitored;

use std::future::Future;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> impl Future<Output = u32> {
    async { n + 1 }
}

fn main() {}
