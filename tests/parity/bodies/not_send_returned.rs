use monitor_runtime::monitored;

use std::future::Future;
use std::rc::Rc;

async fn other() {}

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> impl Future<Output = u32> + Send {
    async move {
        let shared = Rc::new(n);
        other().await;
        *shared
    }
}

fn main() {}
