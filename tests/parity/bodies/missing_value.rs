use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> u32 {
    let m = n + 1;
    m * 2;
}

fn main() {}
