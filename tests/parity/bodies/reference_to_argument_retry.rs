use monitor_runtime::retry;

#[retry]
fn f<'a>(text: String) -> Result<&'a str, String> {
    Ok(&text)
}

fn main() {}
