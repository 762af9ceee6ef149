use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(name: String) -> usize {
    std::thread::spawn(move || name.len());
    let borrowed = &name;
    borrowed.len()
}

fn main() {}
