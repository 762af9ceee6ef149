use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f(n: u32) -> u32 {
    loop {
        if n > 1 {
            break "many";
        }
    }
}

fn main() {}
