use monitor_runtime::monitored;

trait Count {
    fn f(&self) -> u64;
}

struct Rows(u32);

impl Count for Rows {
    #[monitored(stage = "NBA-17")]
    fn f(&self) -> u64 {
        self.0
    }
}

fn main() {}
