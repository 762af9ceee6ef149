use monitor_runtime::monitored;

struct Row;

#[monitored(stage = "NBA-17")]
fn f() -> impl std::fmt::Display {
    Row
}

fn main() {}
