use monitor_runtime::monitored;

async fn other() {}

#[monitored(stage = "NBA-17")]
async fn f() {
    other();
}

fn main() {}
