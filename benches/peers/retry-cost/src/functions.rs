//! The same function, retried in each way.

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use backon::{BlockingRetryable, ExponentialBuilder, Retryable};
use monitor_runtime::retry;

/// A function, by its name in the table.
pub enum Function {
    Sync(fn(u64) -> Result<u64, u64>),
    Async(fn(u64) -> u64),
}

pub const FUNCTIONS: [(&str, Function); 9] = [
    ("sync, not retried", Function::Sync(plain)),
    ("sync, loop by hand", Function::Sync(by_hand)),
    ("sync, #[retry]", Function::Sync(annotated)),
    ("sync, #[retry], consumed String", Function::Sync(consumed)),
    ("sync, backon", Function::Sync(backon)),
    (
        "async, not retried",
        Function::Async(|n| now(plain_async(n))),
    ),
    (
        "async, loop by hand",
        Function::Async(|n| now(by_hand_async(n))),
    ),
    (
        "async, #[retry]",
        Function::Async(|n| now(annotated_async(n))),
    ),
    ("async, backon", Function::Async(|n| now(backon_async(n)))),
];

/// What is attempted.
#[inline(never)]
fn work(n: u64) -> Result<u64, u64> {
    if black_box(n) == u64::MAX {
        Err(n)
    } else {
        Ok(n)
    }
}

#[inline(never)]
fn plain(n: u64) -> Result<u64, u64> {
    work(n)
}

#[inline(never)]
fn by_hand(n: u64) -> Result<u64, u64> {
    let mut attempt = 1;
    loop {
        match work(n) {
            Err(_) if attempt < 3 => {
                thread::sleep(Duration::from_secs(2) * 2_u32.pow(attempt));
                attempt += 1;
            }
            result => return result,
        }
    }
}

#[inline(never)]
#[retry(max = 3, delay = 2)]
fn annotated(n: u64) -> Result<u64, u64> {
    work(n)
}

#[inline(never)]
fn consumed(n: u64) -> Result<u64, u64> {
    #[retry(max = 3, delay = 2)]
    fn take(name: String, n: u64) -> Result<u64, u64> {
        drop(name);
        work(n)
    }
    take(String::from("name"), n)
}

#[inline(never)]
fn backon(n: u64) -> Result<u64, u64> {
    let schedule = ExponentialBuilder::new()
        .with_min_delay(Duration::from_secs(4))
        .with_max_times(2);
    (|| work(n)).retry(schedule).call()
}

async fn plain_async(n: u64) -> Result<u64, u64> {
    work(n)
}

async fn by_hand_async(n: u64) -> Result<u64, u64> {
    let mut attempt = 1;
    loop {
        match plain_async(n).await {
            Err(_) if attempt < 3 => {
                thread::sleep(Duration::from_secs(2) * 2_u32.pow(attempt));
                attempt += 1;
            }
            result => return result,
        }
    }
}

#[retry(max = 3, delay = 2)]
async fn annotated_async(n: u64) -> Result<u64, u64> {
    plain_async(n).await
}

async fn backon_async(n: u64) -> Result<u64, u64> {
    let schedule = ExponentialBuilder::new()
        .with_min_delay(Duration::from_secs(4))
        .with_max_times(2);
    (|| plain_async(n)).retry(schedule).await
}

/// The value of a future that is ready at once.
#[inline(never)]
fn now(future: impl Future<Output = Result<u64, u64>>) -> u64 {
    let mut future = pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(result) => result.unwrap_or(0),
        Poll::Pending => 0,
    }
}
