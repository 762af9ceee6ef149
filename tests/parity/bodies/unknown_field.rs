use monitor_runtime::monitored;

struct Row {
    name: String,
}

#[monitored(stage = "NBA-17")]
fn f(row: &Row) -> usize {
    row.names.len()
}

fn main() {}
