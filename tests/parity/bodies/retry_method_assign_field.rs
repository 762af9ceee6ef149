use monitor_runtime::retry;

struct Rows {
    count: u32,
}

impl Rows {
    #[retry]
    fn f(&self) -> Result<u32, String> {
        self.count += 1;
        Ok(self.count)
    }
}

fn main() {}
