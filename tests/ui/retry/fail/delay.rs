use monitor_runtime::retry;

#[retry(delay = -1)]
fn negative() -> Result<u8, String> {
    Ok(1)
}

#[retry(delay = "-1s")]
fn negative_text() -> Result<u8, String> {
    Ok(1)
}

#[retry(delay = "500")]
fn no_unit() -> Result<u8, String> {
    Ok(1)
}

#[retry(delay = 500ms)]
fn no_quotes() -> Result<u8, String> {
    Ok(1)
}

#[retry(delay = 0.5s)]
fn a_fraction_without_quotes() -> Result<u8, String> {
    Ok(1)
}

#[retry(delay = "2 weeks")]
fn unknown_unit() -> Result<u8, String> {
    Ok(1)
}

#[retry(delay = "soon")]
fn no_duration() -> Result<u8, String> {
    Ok(1)
}

#[retry(delay = "")]
fn empty() -> Result<u8, String> {
    Ok(1)
}

#[retry(delay = 99999999999999999999)]
fn too_long() -> Result<u8, String> {
    Ok(1)
}

#[retry(delay = 1e400)]
fn infinite() -> Result<u8, String> {
    Ok(1)
}

#[retry(delay = std::time::Duration::from_secs(2))]
fn an_expression() -> Result<u8, String> {
    Ok(1)
}

fn main() {
    let _ = negative();
    let _ = negative_text();
    let _ = no_unit();
    let _ = no_quotes();
    let _ = a_fraction_without_quotes();
    let _ = unknown_unit();
    let _ = no_duration();
    let _ = empty();
    let _ = too_long();
    let _ = infinite();
    let _ = an_expression();
}
