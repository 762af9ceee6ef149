use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(mut n: u32) -> u32 {
    let borrowed = &n;
    n = 2;
    *borrowed
}

fn main() {}
