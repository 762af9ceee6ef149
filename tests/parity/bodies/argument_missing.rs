use monitor_runtime::monitored;

fn takes(n: u32, m: u32) -> u32 {
    n + m
}

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> u32 {
    takes(n)
}

fn main() {}
