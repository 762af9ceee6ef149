use monitor_runtime::monitored;

struct Rows {
    names: Vec<String>,
}

impl Rows {
    fn count(&self) -> usize {
        self.names.len()
    }

    #[monitored(stage = "NBA-17")]
    fn f(self) -> usize {
        drop(self.names);
        self.count()
    }
}

fn main() {}
