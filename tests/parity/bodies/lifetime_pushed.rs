use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(rows: &mut Vec<&str>, row: &str) {
    rows.push(row);
}

fn main() {}
