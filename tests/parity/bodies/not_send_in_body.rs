use monitor_runtime::monitored;

use std::rc::Rc;

fn spawn<T: Send>(_: T) {}

#[monitored(stage = "NBA-17")]
fn f(n: u32) {
    let shared = Rc::new(n);
    spawn(shared);
}

fn main() {}
