use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(yes: bool) -> u32 {
    let n: u32;
    if yes {
        n = 1;
    }
    n
}

fn main() {}
