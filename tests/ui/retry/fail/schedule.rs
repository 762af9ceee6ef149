use monitor_runtime::{TimedOut, retry};

#[retry(max = 5, delay = 2, max_delay = 3)]
fn max_delay_below_the_first_wait() -> Result<(), String> {
    Ok(())
}

#[retry(max = 3, delay = 2, deadline = 4)]
fn deadline_below_the_first_wait() -> Result<(), String> {
    Ok(())
}

#[retry(max = 3, delay = 2, factor = 10, deadline = 15)]
fn deadline_below_the_first_wait_with_a_factor() -> Result<(), String> {
    Ok(())
}

#[retry(max = 9, delay = 2)]
fn seventeen_minutes() -> Result<(), String> {
    Ok(())
}

#[retry(max = 9, delay = 2, allow_long_wait)]
fn seventeen_minutes_that_are_meant() -> Result<(), String> {
    Ok(())
}

#[retry(max = 9, delay = 2, deadline = "20m")]
fn seventeen_minutes_with_a_deadline() -> Result<(), String> {
    Ok(())
}

#[retry(max = 9, delay = 2, max_delay = "30s")]
fn three_minutes() -> Result<(), String> {
    Ok(())
}

#[retry(max = 90, allow_long_wait)]
fn longer_than_the_universe() -> Result<(), String> {
    Ok(())
}

#[retry(max = 1, delay = 2, factor = 3, max_delay = 9, jitter = "full", when = |_| true, retry_after = |_| None, budget = "b", allow_long_wait)]
fn back_off_of_one_attempt() -> Result<(), String> {
    Ok(())
}

#[retry(max = 1, attempt_timeout = 5)]
async fn one_attempt_with_a_limit() -> Result<(), TimedOut> {
    Ok(())
}

#[retry(attempt_timeout = 5)]
fn a_sync_attempt_with_a_limit() -> Result<(), TimedOut> {
    Ok(())
}

#[retry(deadline = 10, attempt_timeout = 10)]
async fn an_attempt_as_long_as_the_call() -> Result<(), TimedOut> {
    Ok(())
}

fn main() {}
