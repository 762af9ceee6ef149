use monitor_runtime::monitored;

async fn other() -> u32 {
    1
}

#[monitored(stage = "NBA-17")]
fn f() -> u32 {
    other().await
}

fn main() {}
