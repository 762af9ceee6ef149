use std::time::Duration;

use monitor_runtime::{TimedOut, retry};

const LIMIT: u64 = 5;

#[retry(factor = 0.5)]
fn shrinking() -> Result<(), String> {
    Ok(())
}

#[retry(factor = f64::NAN)]
fn no_number() -> Result<(), String> {
    Ok(())
}

#[retry(factor = 1e999)]
fn infinite() -> Result<(), String> {
    Ok(())
}

#[retry(factor = "2")]
fn a_text() -> Result<(), String> {
    Ok(())
}

#[retry(jitter = "ful")]
fn misspelt() -> Result<(), String> {
    Ok(())
}

#[retry(jitter = true)]
fn no_text() -> Result<(), String> {
    Ok(())
}

#[retry(jitter)]
fn no_value() -> Result<(), String> {
    Ok(())
}

#[retry(max_delay = 0)]
fn no_limit() -> Result<(), String> {
    Ok(())
}

#[retry(deadline = -1)]
fn before_it_began() -> Result<(), String> {
    Ok(())
}

#[retry(deadline = LIMIT)]
fn a_constant() -> Result<(), String> {
    Ok(())
}

#[retry(attempt_timeout = 99999999999999999999)]
async fn too_long() -> Result<(), TimedOut> {
    Ok(())
}

#[retry(when = true)]
fn no_closure() -> Result<(), String> {
    Ok(())
}

#[retry(when = || true)]
fn no_parameter() -> Result<(), String> {
    Ok(())
}

#[retry(when = |error| error.len())]
fn no_answer() -> Result<(), String> {
    Ok(())
}

#[retry(when = |error| error.is_transient())]
fn no_such_method() -> Result<(), String> {
    Ok(())
}

#[retry(retry_after = |_| Duration::from_secs(1))]
fn not_optional() -> Result<(), String> {
    Ok(())
}

#[retry(budget = "")]
fn no_name() -> Result<(), String> {
    Ok(())
}

#[retry(budget = nba_api)]
fn no_literal() -> Result<(), String> {
    Ok(())
}

#[retry(allow_long_wait = true)]
fn a_flag_with_a_value() -> Result<(), String> {
    Ok(())
}

#[retry(max = 3, max = 4)]
fn twice() -> Result<(), String> {
    Ok(())
}

#[retry(timeout = 5)]
async fn of_another_crate() -> Result<(), TimedOut> {
    Ok(())
}

fn main() {}
