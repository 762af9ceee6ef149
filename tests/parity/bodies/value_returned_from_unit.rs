use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) {
    if n > 1 {
        return n;
    }
}

fn main() {}
