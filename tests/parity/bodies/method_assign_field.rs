use monitor_runtime::monitored;

struct Rows {
    count: u32,
}

impl Rows {
    #[monitored(stage = "NBA-17")]
    fn f(&self) -> u32 {
        self.count += 1;
        self.count
    }
}

fn main() {}
