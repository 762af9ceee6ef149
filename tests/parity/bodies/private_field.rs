use monitor_runtime::monitored;

mod rows {
    #[derive(Default)]
    pub struct Row {
        name: String,
    }
}

#[monitored(stage = "NBA-17")]
fn f(row: rows::Row) -> usize {
    row.name.len()
}

fn main() {}
