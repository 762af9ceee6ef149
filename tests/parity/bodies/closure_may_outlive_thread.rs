use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(rows: Vec<u32>) -> usize {
    std::thread::spawn(|| rows.len()).join().unwrap_or(0)
}

fn main() {}
