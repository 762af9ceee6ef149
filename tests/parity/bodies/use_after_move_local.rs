use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f() -> usize {
    let names = vec![1];
    drop(names);
    names.len()
}

fn main() {}
