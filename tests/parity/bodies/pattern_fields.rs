use monitor_runtime::monitored;

struct Row {
    name: String,
    n: u32,
}

#[monitored(stage = "NBA-17")]
fn f(row: Row) -> u32 {
    let Row { n } = row;
    n
}

fn main() {}
