use monitor_runtime::retry;

#[retry]
fn f<'a, 'b>(long: &'a str, short: &'b str) -> Result<&'a str, String> {
    if long.is_empty() {
        return Ok(short);
    }
    Ok(long)
}

fn main() {}
