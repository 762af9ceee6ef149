use monitor_runtime::monitored;

#[deprecated]
fn old() -> u32 {
    1
}

#[monitored(stage = "NBA-17")]
async fn f(n: u32) -> u32 {
    n + old()
}

fn main() {}
