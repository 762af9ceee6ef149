use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(text: &str) -> u32 {
    text as u32
}

fn main() {}
