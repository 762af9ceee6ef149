use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f() -> u32 {
    let text = "7";
    text
}

fn main() {}
