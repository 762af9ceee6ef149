use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f<'a>(text: String) -> &'a str {
    &text
}

fn main() {}
