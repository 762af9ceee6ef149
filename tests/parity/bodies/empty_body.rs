use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f() -> u32 {}

fn main() {}
