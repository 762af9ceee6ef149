use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
fn f<'a>(text: String) -> &'a str {
    &text
}

fn main() {}
