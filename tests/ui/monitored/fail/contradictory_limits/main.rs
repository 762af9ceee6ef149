use monitor_runtime::{monitored, retry};

#[monitored(stage = "NBA-17", records = |n| *n, min_records = 10)]
fn more_than_the_file_allows() -> u32 {
    1
}

#[monitored(stage = "NBA-18", records = |n| *n, alert(on = "slow", level = "critical"))]
#[retry]
fn slower_than_the_file_allows() -> Result<u32, String> {
    Ok(1)
}

fn main() {
    more_than_the_file_allows();
    let _ = slower_than_the_file_allows();
}
