use monitor_runtime::monitored;

async fn other() -> u32 {
    1
}

#[monitored(stage = "NBA-17")]
async fn f() -> u32 {
    let run = || other().await;
    run()
}

fn main() {}
