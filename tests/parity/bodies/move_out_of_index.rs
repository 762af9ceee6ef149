use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(rows: Vec<String>) -> String {
    rows[0]
}

fn main() {}
