use monitor_runtime::{monitored, retry};

#[monitored(stage = "NBA-17")]
#[retry]
async fn f(rows: Vec<u32>) -> Result<usize, String> {
    rows.push(1);
    Ok(rows.len())
}

fn main() {}
