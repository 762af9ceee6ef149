use monitor_runtime::monitored;

struct Rows {
    count: u32,
}

impl Rows {
    #[monitored(stage = "NBA-17")]
    fn f(n: u32) -> u32 {
        self.count + n
    }
}

fn main() {}
