//! The body that every contender has, and the ways to call it many times.

use std::fmt;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// An error that never happens, which the compiler cannot know.
#[derive(Debug)]
pub(crate) struct Failed;

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failed")
    }
}

impl std::error::Error for Failed {}

/// Empty but for the argument, and for an outcome that has to be looked at.
#[inline(always)]
pub(crate) fn body(n: u64) -> Result<u64, Failed> {
    match black_box(n) {
        u64::MAX => Err(Failed),
        n => Ok(n),
    }
}

/// The floor.
#[inline(never)]
pub(crate) fn plain(n: u64) -> Result<u64, Failed> {
    body(n)
}

/// The floor, async.
#[inline(never)]
pub(crate) async fn plain_async(n: u64) -> Result<u64, Failed> {
    body(n)
}

/// Inlined, so that each contender has a loop of its own with a direct call in it.
#[inline(always)]
pub(crate) fn repeat<R>(calls: u64, function: impl Fn(u64) -> R) {
    for n in 0..calls {
        black_box(function(black_box(n)));
    }
}

/// As `repeat`; a future is polled once, on the stack, without a runtime.
#[inline(always)]
pub(crate) fn repeat_async<R>(calls: u64, function: impl AsyncFn(u64) -> R) {
    let mut context = Context::from_waker(Waker::noop());
    for n in 0..calls {
        let future = pin!(function(black_box(n)));
        match future.poll(&mut context) {
            Poll::Ready(returned) => black_box(returned),
            Poll::Pending => unreachable!("nothing is awaited"),
        };
    }
}
