use monitor_runtime::monitored;

struct Row {
    name: String,
}

#[monitored(stage = "NBA-17")]
async fn f(row: &Row) -> String {
    row.name
}

fn main() {}
