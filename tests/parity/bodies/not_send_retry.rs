use monitor_runtime::retry;

use std::rc::Rc;

async fn other() {}

fn spawn<T: Send>(_: T) {}

#[retry]
async fn f(n: u32) -> Result<u32, String> {
    let shared = Rc::new(n);
    other().await;
    Ok(*shared)
}

fn starts() {
    spawn(f(1));
}

fn main() {}
