use monitor_runtime::monitored;

use std::future::Future;

#[monitored(stage = "NBA-17")]
fn f(text: &str) -> impl Future<Output = usize> + 'static {
    async move { text.len() }
}

fn main() {}
