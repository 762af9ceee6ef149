use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
async fn f<'a, 'b>(long: &'a str, short: &'b str) -> &'a str {
    if long.is_empty() {
        return short;
    }
    long
}

fn main() {}
