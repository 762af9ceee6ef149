//! An attempt of an async function with a limit on its time.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

use super::clock::Started;
use super::site::RetrySite;
use super::sleep::{self, Sleep};
use super::timed_out::TimedOut;

thread_local! {
    /// The loop whose attempt is being dropped because its time is over.
    static CUT: Cell<Option<(&'static RetrySite, TimedOut)>> = const { Cell::new(None) };
}

/// Whether an attempt of `site` is being cut off right now, and why.
pub(crate) fn is_cut_off(site: &'static RetrySite) -> Option<TimedOut> {
    let (cut, error) = CUT.try_with(Cell::get).ok().flatten()?;
    cut.is(site).then_some(error)
}

pin_project! {
    /// An attempt that is dropped when its time is over.
    #[must_use = "futures do nothing unless polled"]
    pub struct Within<F> {
        #[pin]
        attempt: Option<F>,
        sleep: Sleep,
        error: TimedOut,
        site: &'static RetrySite,
    }
}

impl RetrySite {
    /// Runs `attempt` for as long as an attempt may take, and what is left of the time of
    /// the whole call, which began with `started`.
    pub fn within<F: Future>(&'static self, started: Option<&Started>, attempt: F) -> Within<F> {
        let error = self.limit(started);
        Within {
            attempt: Some(attempt),
            sleep: sleep::limit(error.0),
            error: error.1,
            site: self,
        }
    }

    /// How long the next attempt may take, and what is to blame.
    fn limit(&self, started: Option<&Started>) -> (Duration, TimedOut) {
        let call = self.deadline.map(|limit| {
            let passed = started.map_or(Duration::ZERO, Started::elapsed);
            let error = TimedOut {
                limit,
                whole_call: true,
            };
            (limit.saturating_sub(passed), error)
        });
        let attempt = self.attempt_timeout.map(|limit| {
            let error = TimedOut {
                limit,
                whole_call: false,
            };
            (limit, error)
        });
        let none = TimedOut {
            limit: Duration::MAX,
            whole_call: true,
        };
        let limits = [call, attempt].into_iter().flatten();
        limits
            .min_by_key(|(left, _)| *left)
            .unwrap_or((Duration::MAX, none))
    }
}

impl<F: Future> Future for Within<F> {
    type Output = Result<F::Output, TimedOut>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let Some(attempt) = this.attempt.as_mut().as_pin_mut()
            && let Poll::Ready(value) = attempt.poll(cx)
        {
            return Poll::Ready(Ok(value));
        }
        if Pin::new(this.sleep).poll(cx).is_pending() {
            return Poll::Pending;
        }
        let around = CUT.try_with(|cut| cut.replace(Some((*this.site, *this.error))));
        this.attempt.set(None);
        let _ = CUT.try_with(|cut| cut.set(around.ok().flatten()));
        Poll::Ready(Err(*this.error))
    }
}
