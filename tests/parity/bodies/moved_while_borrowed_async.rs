use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(name: String) -> usize {
    let borrowed = &name;
    drop(name);
    borrowed.len()
}

fn main() {}
