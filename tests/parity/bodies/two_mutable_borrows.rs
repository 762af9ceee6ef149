use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f() -> usize {
    let mut rows = vec![1];
    let first = &mut rows;
    let second = &mut rows;
    first.push(2);
    second.len()
}

fn main() {}
