//! The wait between two attempts, and the time that an attempt has.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use super::site::RetrySite;
use super::timer::Timer;
use crate::core::CoreRef;
use crate::frame;

/// Waits in sync code.
pub(super) fn block(site: &RetrySite, wait: Duration) {
    if !CoreRef::current().skip_wait(wait) {
        #[cfg(feature = "tokio")]
        super::worker::warn_if_blocked(site, wait);
        thread::sleep(wait);
    }
    if site.in_call {
        frame::retry_begins();
    }
}

impl RetrySite {
    /// Waits in async code: with tokio's timer inside a tokio runtime, with a timer of
    /// our own elsewhere.
    pub fn wait(&self, wait: Duration) -> Wait {
        let sleep = if CoreRef::current().skip_wait(wait) {
            Sleep::Over
        } else {
            limit(wait)
        };
        Wait {
            sleep,
            in_call: self.in_call,
        }
    }
}

/// A sleep that is not skipped.
pub(super) fn limit(wait: Duration) -> Sleep {
    #[cfg(feature = "tokio")]
    if let Some(sleep) = tokio_sleep(wait) {
        return Sleep::Tokio(Box::pin(sleep));
    }
    Sleep::Own(Box::new(Timer::after(wait)))
}

/// tokio's timer, where there is one: a runtime can be built without, which no call
/// tells but the panic of this one.
#[cfg(feature = "tokio")]
fn tokio_sleep(wait: Duration) -> Option<tokio::time::Sleep> {
    tokio::runtime::Handle::try_current().ok()?;
    std::panic::catch_unwind(|| tokio::time::sleep(wait)).ok()
}

/// A wait between two attempts of an async function.
#[must_use = "futures do nothing unless polled"]
#[derive(Debug)]
pub struct Wait {
    sleep: Sleep,
    in_call: bool,
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let over = Pin::new(&mut self.sleep).poll(cx);
        if over.is_ready() && self.in_call {
            frame::retry_begins();
        }
        over
    }
}

/// A sleep in async code. In a box, since it is rare and the future around it is not.
#[derive(Debug)]
pub(super) enum Sleep {
    Over,
    #[cfg(feature = "tokio")]
    Tokio(Pin<Box<tokio::time::Sleep>>),
    Own(Box<Timer>),
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
