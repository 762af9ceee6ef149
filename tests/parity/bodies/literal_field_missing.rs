use monitor_runtime::monitored;

struct Row {
    name: String,
    n: u32,
}

#[monitored(stage = "NBA-17")]
fn f(name: String) -> Row {
    Row { name }
}

fn main() {}
