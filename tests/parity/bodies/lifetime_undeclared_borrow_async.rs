use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f<'a>(long: &'a str, short: &str) -> &'a str {
    if long.is_empty() {
        return short;
    }
    long
}

fn main() {}
