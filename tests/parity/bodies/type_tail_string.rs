use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f() -> String {
    "text"
}

fn main() {}
