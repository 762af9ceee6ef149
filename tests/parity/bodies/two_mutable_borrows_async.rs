use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(mut rows: Vec<u32>) -> usize {
    let first = &mut rows;
    let second = &mut rows;
    first.push(2);
    second.len()
}

fn main() {}
