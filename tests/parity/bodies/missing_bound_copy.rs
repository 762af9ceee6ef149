use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f<T>(rows: &[T]) -> T {
    rows[0]
}

fn main() {}
