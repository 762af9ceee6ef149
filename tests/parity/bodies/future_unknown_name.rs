use monitor_runtime::monitored;

use std::future::Future;

#[monitored(stage = "NBA-17")]
fn f(names: Vec<String>) -> impl Future<Output = usize> {
    async move { name.len() }
}

fn main() {}
