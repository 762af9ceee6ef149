#[monitor_runtime::main]
fn main() {}
