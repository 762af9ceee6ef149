use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f<T>(value: T) -> String {
    value.to_string()
}

fn main() {}
