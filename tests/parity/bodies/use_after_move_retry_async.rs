use monitor_runtime::retry;

#[retry]
async fn f(names: Vec<String>) -> Result<usize, String> {
    let moved = names;
    Ok(moved.len() + names.len())
}

fn main() {}
