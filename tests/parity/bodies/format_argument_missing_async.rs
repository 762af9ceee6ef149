use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(name: &str) -> String {
    format!("{} {}", name)
}

fn main() {}
