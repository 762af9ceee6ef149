use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f<T>(a: T, b: T) -> T {
    a + b
}

fn main() {}
