use monitor_runtime::monitored;

struct Row {
    name: String,
}

#[monitored(stage = "NBA-17")]
fn f() -> Row {
    Row { name: 'n' }
}

fn main() {}
