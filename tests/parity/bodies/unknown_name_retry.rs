use monitor_runtime::retry;

#[retry]
fn f(rows: Vec<u32>) -> Result<usize, String> {
    Ok(row.len())
}

fn main() {}
