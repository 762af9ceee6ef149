use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> u32 {
    let m = match n {
        0 => 1,
        1 => "2",
        _ => 3,
    };
    m
}

fn main() {}
