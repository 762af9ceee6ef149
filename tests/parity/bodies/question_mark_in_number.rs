use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: Option<usize>) -> usize {
    n? + 1
}

fn main() {}
