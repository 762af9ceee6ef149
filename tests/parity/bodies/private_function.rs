use monitor_runtime::monitored;

mod rows {
    fn count() -> u32 {
        1
    }
}

#[monitored(stage = "NBA-17")]
async fn f() -> u32 {
    rows::count()
}

fn main() {}
