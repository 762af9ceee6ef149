use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f() -> u32 {
    let n = 1;
    let m = n;
    n = 2;
    n + m
}

fn main() {}
