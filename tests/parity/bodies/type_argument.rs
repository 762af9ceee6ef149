use monitor_runtime::monitored;

fn takes(n: u32) -> u32 {
    n
}

#[monitored(stage = "NBA-17")]
fn f() -> u32 {
    let n = 1;
    n + takes("7")
}

fn main() {}
