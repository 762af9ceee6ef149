use monitor_runtime::monitored;

struct Rows {
    names: Vec<String>,
}

impl Rows {
    #[monitored(stage = "NBA-17")]
    fn f(&mut self) -> Vec<String> {
        self.names
    }
}

fn main() {}
