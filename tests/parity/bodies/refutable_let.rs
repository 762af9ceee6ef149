use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: Option<u32>) -> u32 {
    let Some(m) = n;
    m
}

fn main() {}
