use monitor_runtime::retry;

struct Row {
    name: String,
}

#[retry]
fn f(row: &Row) -> Result<String, String> {
    Ok(row.name)
}

fn main() {}
