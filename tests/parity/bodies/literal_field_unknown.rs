use monitor_runtime::monitored;

struct Row {
    name: String,
}

#[monitored(stage = "NBA-17")]
async fn f(name: String) -> Row {
    Row { name, number: 1 }
}

fn main() {}
