use monitor_runtime::{monitored, retry};

#[monitored(stage = "NBA-17")]
#[retry]
fn f(names: Vec<String>) -> Result<usize, String> {
    let moved = names;
    Ok(moved.len() + names.len())
}

fn main() {}
