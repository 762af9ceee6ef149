use monitor_runtime::monitored;

use std::rc::Rc;

async fn other() {}

fn spawn<T: Send>(_: T) {}

#[monitored(stage = "NBA-17")]
async fn f(n: u32) -> u32 {
    let shared = Rc::new(n);
    other().await;
    *shared
}

fn starts() {
    spawn(f(1));
}

fn main() {}
