use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> u32 {
    if n > 1 {
        continue;
    }
    n
}

fn main() {}
