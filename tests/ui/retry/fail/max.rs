use monitor_runtime::retry;

const ATTEMPTS: u32 = 3;

#[retry(max = 0)]
fn zero() -> Result<u8, String> {
    Ok(1)
}

#[retry(max = 5_000_000_000)]
fn too_large() -> Result<u8, String> {
    Ok(1)
}

#[retry(max = "3")]
fn text() -> Result<u8, String> {
    Ok(1)
}

#[retry(max = -1)]
fn negative() -> Result<u8, String> {
    Ok(1)
}

#[retry(max = 2.5)]
fn a_fraction() -> Result<u8, String> {
    Ok(1)
}

#[retry(max = 3times)]
fn a_suffix() -> Result<u8, String> {
    Ok(1)
}

#[retry(max = ATTEMPTS)]
fn a_constant() -> Result<u8, String> {
    Ok(1)
}

#[retry(5)]
fn no_key() -> Result<u8, String> {
    Ok(1)
}

#[retry(max)]
fn a_flag() -> Result<u8, String> {
    Ok(1)
}

fn main() {
    let _ = zero();
    let _ = too_large();
    let _ = text();
    let _ = negative();
    let _ = a_fraction();
    let _ = a_suffix();
    let _ = a_constant();
    let _ = no_key();
    let _ = a_flag();
    println!("{ATTEMPTS}");
}
