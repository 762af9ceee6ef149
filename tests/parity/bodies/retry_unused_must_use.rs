use monitor_runtime::retry;

#[retry]
fn f(n: u32) -> Result<u32, String> {
    Err::<u32, u32>(n);
    Ok(n)
}

fn main() {}
