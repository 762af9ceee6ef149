use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f(text: &'a str) -> &'a str {
    text.trim()
}

fn main() {}
