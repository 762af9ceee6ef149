use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(name: &str) -> String {
    format!("{name} {nmae}")
}

fn main() {}
