use monitor_runtime::monitored;

use std::rc::Rc;

async fn other() {}

fn spawn<T: Send>(_: T) {}

#[monitored(stage = "NBA-17")]
async fn f(n: Rc<u32>) -> u32 {
    other().await;
    *n
}

fn starts(n: Rc<u32>) {
    spawn(f(n));
}

fn main() {}
