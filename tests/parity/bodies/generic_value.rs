use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f<T: Copy>(rows: &[T]) -> T {
    rows.len()
}

fn main() {}
