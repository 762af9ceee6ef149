use std::future::Future;

use monitor_runtime::{TimedOut, retry};

#[derive(Debug)]
struct ApiError;

#[retry(attempt_timeout = 5)]
async fn no_way_to_say_it() -> Result<(), ApiError> {
    Ok(())
}

#[retry(deadline = 30)]
fn returned() -> impl Future<Output = Result<(), ApiError>> {
    async { Ok(()) }
}

#[retry(deadline = 30)]
fn a_sync_deadline_gives_the_last_error() -> Result<(), ApiError> {
    Ok(())
}

#[retry(deadline = 30, attempt_timeout = 5)]
async fn any_error() -> Result<(), Box<dyn std::error::Error>> {
    Ok(())
}

#[retry(deadline = 30, attempt_timeout = 5)]
async fn io_error() -> std::io::Result<()> {
    Ok(())
}

#[retry(deadline = 30, attempt_timeout = 5)]
async fn itself() -> Result<(), TimedOut> {
    Ok(())
}

fn main() {}
