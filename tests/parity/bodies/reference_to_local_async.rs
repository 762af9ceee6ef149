use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f<'a>() -> &'a str {
    let text = String::new();
    &text
}

fn main() {}
