use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f<T: std::fmt::Debug>(value: T) -> Box<dyn std::fmt::Debug> {
    Box::new(value)
}

fn main() {}
