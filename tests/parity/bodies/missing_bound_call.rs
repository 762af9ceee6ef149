use monitor_runtime::monitored;

fn show<T: std::fmt::Debug>(value: T) -> String {
    format!("{value:?}")
}

#[monitored(stage = "NBA-17")]
fn f<T>(value: T) -> String {
    show(value)
}

fn main() {}
