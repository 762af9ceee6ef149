use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(a: &str, b: &str) -> &str {
    if a.is_empty() {
        return b;
    }
    a
}

fn main() {}
