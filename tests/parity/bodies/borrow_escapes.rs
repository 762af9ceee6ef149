use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(text: &str) -> usize {
    std::thread::spawn(move || text.len()).join().unwrap_or(0)
}

fn main() {}
