use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f() -> u32 {
    let text = "7";
    text
}

fn main() {}
