use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f<'a>() -> &'a str {
    let text = String::new();
    &text
}

fn main() {}
