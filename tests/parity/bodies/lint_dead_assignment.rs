use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> u32 {
    let mut m = n;
    m = 2;
    m
}

fn main() {}
