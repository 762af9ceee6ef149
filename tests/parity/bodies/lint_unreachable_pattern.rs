use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> u32 {
    match n {
        _ => 1,
        0 => 2,
    }
}

fn main() {}
