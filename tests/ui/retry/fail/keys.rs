use monitor_runtime::retry;

#[retry(max = 3, dleay = 2)]
fn misspelt() -> Result<u8, String> {
    Ok(1)
}

#[retry(max = 3, colour = "red")]
fn far_from_all() -> Result<u8, String> {
    Ok(1)
}

#[retry(max = 3, max = 4)]
fn twice() -> Result<u8, String> {
    Ok(1)
}

#[retry(retries = 3)]
fn retries() -> Result<u8, String> {
    Ok(1)
}

#[retry(max_retries = 3)]
fn max_retries() -> Result<u8, String> {
    Ok(1)
}

#[retry(attempts = 3)]
fn attempts() -> Result<u8, String> {
    Ok(1)
}

#[retry(max_attempts = 3)]
fn max_attempts() -> Result<u8, String> {
    Ok(1)
}

#[retry(times = 3)]
fn times() -> Result<u8, String> {
    Ok(1)
}

#[retry(backoff = "exponential")]
fn backoff() -> Result<u8, String> {
    Ok(1)
}

#[retry(wait = 2)]
fn wait() -> Result<u8, String> {
    Ok(1)
}

#[retry(stage = "NBA-17")]
fn stage() -> Result<u8, String> {
    Ok(1)
}

#[retry(crate = 5)]
fn not_a_path() -> Result<u8, String> {
    Ok(1)
}

fn main() {
    let _ = misspelt();
    let _ = far_from_all();
    let _ = twice();
    let _ = retries();
    let _ = max_retries();
    let _ = attempts();
    let _ = max_attempts();
    let _ = times();
    let _ = backoff();
    let _ = wait();
    let _ = stage();
    let _ = not_a_path();
}
