use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(yes: bool) -> u32 {
    let n = if yes { 1 } else { "2" };
    n
}

fn main() {}
