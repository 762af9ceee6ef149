use monitor_runtime::{monitored, retry};

#[monitored(stage = "NBA-17")]
#[retry]
fn f(rows: &mut Vec<u32>) -> Result<usize, String> {
    let first = &mut *rows;
    let second = &mut *rows;
    first.push(2);
    Ok(second.len())
}

fn main() {}
