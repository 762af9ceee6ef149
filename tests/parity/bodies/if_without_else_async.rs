use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(yes: bool) -> u32 {
    if yes {
        1
    }
}

fn main() {}
