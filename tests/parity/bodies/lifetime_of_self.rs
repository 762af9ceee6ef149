use monitor_runtime::monitored;

struct Rows {
    first: String,
}

impl Rows {
    #[monitored(stage = "NBA-17")]
    fn f(&self, other: &str) -> &str {
        if self.first.is_empty() {
            return other;
        }
        &self.first
    }
}

fn main() {}
