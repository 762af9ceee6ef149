//! The wait between two attempts, and the time that an attempt has.

use std::future::Future;
use std::pin::Pin;
#[cfg(feature = "tokio")]
use std::pin::pin;
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
    pub fn wait(&'static self, n: u32, wait: Duration) -> Wait {
        let core = CoreRef::current();
        let sleep = if core.skip_wait(wait) {
            Sleep::Over
        } else {
            limit(wait)
        };
        Wait {
            sleep,
            dropped: Dropped {
                site: self,
                attempt: n,
                over: false,
            },
        }
    }
}

/// A sleep that is not skipped.
pub(super) fn limit(wait: Duration) -> Sleep {
    #[cfg(feature = "tokio")]
    if let Some(sleep) = tokio::sleep(wait) {
        return Sleep::Tokio(Box::pin(sleep));
    }
    Sleep::Own(Box::new(Timer::after(wait)))
}

#[cfg(not(feature = "tokio"))]
pub(super) fn has_budget() -> bool {
    true
}

#[cfg(feature = "tokio")]
pub(super) use self::tokio::has_budget;

#[cfg(feature = "tokio")]
mod tokio {
    use std::sync::{Mutex, PoisonError};
    use std::time::Duration;

    use ::tokio::runtime::{Handle, Id};
    use ::tokio::time::{self, Sleep};

    use crate::panics;

    /// Runtimes that were built without timers.
    static WITHOUT_TIMERS: Mutex<Vec<Id>> = Mutex::new(Vec::new());

    /// tokio's timer, where there is one. A runtime can be built without, which no call tells
    /// but the panic of this one: it is asked once, and not at all where a panic is the end of
    /// the program.
    pub(super) fn sleep(wait: Duration) -> Option<Sleep> {
        let id = Handle::try_current().ok()?.id();
        if cfg!(panic = "abort") {
            return None;
        }
        let known = || {
            WITHOUT_TIMERS
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if known().contains(&id) {
            return None;
        }
        let sleep = panics::quietly(|| time::sleep(wait));
        if sleep.is_none() {
            known().push(id);
        }
        sleep
    }

    pub(in super::super) use ::tokio::task::coop::has_budget_remaining as has_budget;
}

/// A wait between two attempts of an async function.
#[must_use = "futures do nothing unless polled"]
#[derive(Debug)]
pub struct Wait {
    sleep: Sleep,
    dropped: Dropped,
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let over = Pin::new(&mut self.sleep).poll(cx);
        if over.is_ready() {
            self.dropped.over = true;
            if self.dropped.site.in_call {
                frame::retry_begins();
            }
        }
        over
    }
}

/// Tells of a call that is dropped in a wait, where no record of a call does.
#[derive(Debug)]
struct Dropped {
    site: &'static RetrySite,
    /// The attempt that the wait follows on.
    attempt: u32,
    over: bool,
}

impl Drop for Dropped {
    fn drop(&mut self) {
        if !self.over && !self.site.in_call {
            CoreRef::current().retry_cancelled(self.site, self.attempt);
        }
    }
}

/// A sleep in async code. In a box, since it is rare and the future around it is not.
#[derive(Debug)]
pub(super) enum Sleep {
    Over,
    #[cfg(feature = "tokio")]
    Tokio(Pin<Box<::tokio::time::Sleep>>),
    Own(Box<Timer>),
}

impl Sleep {
    /// Polls after something else was: a future of tokio's that has used up what its task may
    /// do in one go must not keep its own limit from being seen.
    pub(super) fn poll_after(&mut self, had_budget: bool, cx: &mut Context<'_>) -> Poll<()> {
        #[cfg(feature = "tokio")]
        if had_budget && !has_budget() {
            return pin!(::tokio::task::coop::unconstrained(self)).poll(cx);
        }
        let _ = had_budget;
        Pin::new(self).poll(cx)
    }
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
