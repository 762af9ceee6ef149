use monitor_runtime::retry;

#[retry]
fn f(mut n: u32) -> Result<u32, String> {
    Ok(n + 1)
}

fn main() {}
