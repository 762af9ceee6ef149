use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f() -> u32 {
    let rows = vec![1, 2];
    let thread = std::thread::spawn(|| rows.len());
    thread.join().map_or(0, |n| n as u32)
}

fn main() {}
