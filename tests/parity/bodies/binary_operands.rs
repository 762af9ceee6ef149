use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32, text: &str) -> u32 {
    let m = n + text;
    m
}

fn main() {}
