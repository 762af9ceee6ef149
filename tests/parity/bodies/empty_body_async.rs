use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f() -> u32 {}

fn main() {}
