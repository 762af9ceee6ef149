use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(text: &str) -> &'static str {
    text.trim()
}

fn main() {}
