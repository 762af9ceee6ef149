use monitor_runtime::retry;

#[retry]
fn f(mut n: u32) -> Result<u32, String> {
    n = 2;
    Ok(n)
}

fn main() {}
