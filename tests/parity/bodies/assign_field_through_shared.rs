use monitor_runtime::monitored;

struct Row {
    n: u32,
}

#[monitored(stage = "NBA-17")]
fn f(row: &Row) {
    row.n = 1;
}

fn main() {}
