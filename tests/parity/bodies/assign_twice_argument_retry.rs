use monitor_runtime::retry;

#[retry]
fn f(n: u32) -> Result<u32, String> {
    let m = n;
    n = 2;
    Ok(n + m)
}

fn main() {}
