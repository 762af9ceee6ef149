use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> u32 {
    let m: u8 = 256;
    n + u32::from(m)
}

fn main() {}
