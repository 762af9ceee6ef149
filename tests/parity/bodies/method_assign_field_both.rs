use monitor_runtime::{monitored, retry};

struct Rows {
    count: u32,
}

impl Rows {
    #[retry]
    #[monitored(stage = "NBA-17")]
    async fn f(&self) -> Result<u32, String> {
        self.count += 1;
        Ok(self.count)
    }
}

fn main() {}
