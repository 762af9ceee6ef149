use monitor_runtime::monitored;

struct Rows {
    names: Vec<String>,
}

impl Rows {
    #[monitored(stage = "NBA-17")]
    fn f(self) -> usize {
        drop(self);
        self.names.len()
    }
}

fn main() {}
