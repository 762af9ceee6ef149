use monitor_runtime::monitored;

unsafe fn raw() -> u32 {
    1
}

#[monitored(stage = "NBA-17")]
async fn f() -> u32 {
    raw()
}

fn main() {}
