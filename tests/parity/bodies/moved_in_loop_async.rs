use monitor_runtime::monitored;

fn takes(_: String) {}

#[monitored(stage = "NBA-17")]
async fn f(name: String) {
    for _ in 0..2 {
        takes(name);
    }
}

fn main() {}
