use monitor_runtime::monitored;

use std::future::Future;

#[monitored(stage = "NBA-17")]
fn f(rows: Vec<u32>) -> impl Future<Output = usize> {
    async move {
        rows.push(1);
        rows.len()
    }
}

fn main() {}
