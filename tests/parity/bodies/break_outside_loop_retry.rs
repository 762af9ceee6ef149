use monitor_runtime::retry;

#[retry]
fn f(n: u32) -> Result<u32, String> {
    if n > 1 {
        break;
    }
    Ok(n)
}

fn main() {}
