use monitor_runtime::retry;

#[retry]
fn f<T>(value: &T) -> Result<String, String> {
    Ok(value.to_string())
}

fn main() {}
