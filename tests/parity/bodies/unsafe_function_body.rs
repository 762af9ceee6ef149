use monitor_runtime::monitored;

#[monitored(stage = "NBA-17")]
unsafe fn f(n: *const u32) -> u32 {
    *n
}

fn main() {}
