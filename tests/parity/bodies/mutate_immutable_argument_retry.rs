use monitor_runtime::retry;

#[retry]
fn f(rows: Vec<u32>) -> Result<usize, String> {
    rows.push(1);
    Ok(rows.len())
}

fn main() {}
