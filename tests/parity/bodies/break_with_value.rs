use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> u32 {
    for row in 0..n {
        break row;
    }
    n
}

fn main() {}
