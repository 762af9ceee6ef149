use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f<const N: usize>() -> [u8; N] {
    [0; 3]
}

fn main() {}
