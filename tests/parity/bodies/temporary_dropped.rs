use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> usize {
    let text = n.to_string().as_str();
    text.len()
}

fn main() {}
