use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> u32 {
    match n {
        0 => 1,
        1 => "2",
        _ => 3,
    }
}

fn main() {}
