use monitor_runtime::retry;

#[retry]
fn f(mut rows: Vec<u32>) -> Result<usize, String> {
    let first = &mut rows;
    let second = &mut rows;
    first.push(2);
    Ok(second.len())
}

fn main() {}
