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
use crate::opening::Attempt;

thread_local! {
    /// The attempt that is being dropped because its time is over.
    static CUT: Cell<Option<(u64, TimedOut)>> = const { Cell::new(None) };
}

/// Whether `attempt` is being cut off right now, and why.
pub(crate) fn is_cut_off(attempt: &Attempt) -> Option<TimedOut> {
    let (cut, error) = CUT.try_with(Cell::get).ok().flatten()?;
    (attempt.id == cut).then_some(error)
}

/// Says which attempt is being cut off, for as long as it lives: also if the attempt
/// panics while it is dropped.
struct Cutting(Option<(u64, TimedOut)>);

impl Cutting {
    fn begin(id: u64, error: TimedOut) -> Self {
        let around = CUT.try_with(|cut| cut.replace(Some((id, error))));
        Self(around.ok().flatten())
    }
}

impl Drop for Cutting {
    fn drop(&mut self) {
        let _ = CUT.try_with(|cut| cut.set(self.0));
    }
}

pin_project! {
    /// An attempt that is dropped when its time is over.
    #[must_use = "futures do nothing unless polled"]
    pub struct Within<F> {
        #[pin]
        attempt: Option<F>,
        sleep: Sleep,
        error: TimedOut,
        id: u64,
    }
}

impl RetrySite {
    /// Runs `attempt`, whose number in the process is `id`, for as long as an attempt may
    /// take, and what is left of the time of the whole call, which began with `started`.
    pub fn within<F: Future>(
        &'static self,
        id: u64,
        started: Option<&Started>,
        attempt: F,
    ) -> Within<F> {
        let (left, error) = self.limit(started);
        Within {
            // One whose time is over before it begins does not begin.
            attempt: (!left.is_zero()).then_some(attempt),
            sleep: sleep::limit(left),
            error,
            id,
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
        let had_budget = sleep::has_budget();
        if let Some(attempt) = this.attempt.as_mut().as_pin_mut()
            && let Poll::Ready(value) = attempt.poll(cx)
        {
            return Poll::Ready(Ok(value));
        }
        if this.sleep.poll_after(had_budget, cx).is_pending() {
            return Poll::Pending;
        }
        let _cutting = Cutting::begin(*this.id, *this.error);
        this.attempt.set(None);
        Poll::Ready(Err(*this.error))
    }
}
