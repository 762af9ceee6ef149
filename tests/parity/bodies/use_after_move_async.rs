use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(names: Vec<String>) -> usize {
    let moved = names;
    moved.len() + names.len()
}

fn main() {}
