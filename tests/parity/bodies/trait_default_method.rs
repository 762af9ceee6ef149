use monitor_runtime::monitored;

trait Count {
    fn rows(&self) -> u32;

    #[monitored(stage = "NBA-17")]
    fn f(&self) -> u64 {
        self.rows()
    }
}

fn main() {}
