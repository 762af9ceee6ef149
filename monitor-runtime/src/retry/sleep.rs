//! The wait between two attempts.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use super::timer::Timer;
use crate::core::CoreRef;

/// Waits in sync code.
pub(crate) fn block(wait: Duration) {
    if !CoreRef::current().skip_wait(wait) {
        thread::sleep(wait);
    }
}

/// Waits in async code: with tokio's timer inside a tokio runtime, with a timer of
/// our own elsewhere.
pub(crate) fn sleep(wait: Duration) -> Sleep {
    if CoreRef::current().skip_wait(wait) {
        return Sleep::Over;
    }
    #[cfg(feature = "tokio")]
    if let Some(sleep) = tokio_sleep(wait) {
        return Sleep::Tokio(Box::pin(sleep));
    }
    Sleep::Own(Timer::after(wait))
}

/// tokio's timer, where there is one: a runtime can be built without, which no call
/// tells but the panic of this one.
#[cfg(feature = "tokio")]
fn tokio_sleep(wait: Duration) -> Option<tokio::time::Sleep> {
    tokio::runtime::Handle::try_current().ok()?;
    std::panic::catch_unwind(|| tokio::time::sleep(wait)).ok()
}

/// A wait in async code.
#[derive(Debug)]
pub(crate) enum Sleep {
    Over,
    #[cfg(feature = "tokio")]
    Tokio(Pin<Box<tokio::time::Sleep>>),
    Own(Timer),
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match &mut *self {
            Self::Over => Poll::Ready(()),
            #[cfg(feature = "tokio")]
            Self::Tokio(sleep) => sleep.as_mut().poll(cx),
            Self::Own(timer) => timer.poll(cx),
        }
    }
}
