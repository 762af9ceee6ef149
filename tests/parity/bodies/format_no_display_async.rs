use monitor_runtime::monitored;

struct Row;

#[monitored(stage = "NBA-17")]
async fn f(row: Row) -> String {
    format!("{row}")
}

fn main() {}
