use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> u32 {
    use std::fmt::Display;
    n
}

fn main() {}
