use monitor_runtime::monitored;

struct Rows {
    names: Vec<String>,
}

impl Rows {
    fn grow(&mut self, _: usize) {}

    #[monitored(stage = "NBA-17")]
    fn f(&mut self) {
        for name in &self.names {
            self.grow(name.len());
        }
    }
}

fn main() {}
