//! What follows on an attempt: another one after a wait, or the end of the call.

use std::time::Duration;

use super::clock::Started;
use super::pending::{self, Held};
use super::site::RetrySite;
use crate::core::CoreRef;
use crate::failure::{ErrorText, Failure, Outcome};
use crate::frame;
use crate::site::Site;

/// Without `max_delay`, how long a server may ask to be left alone. The same 10 minutes
/// that a schedule may not exceed unless that is said to be meant.
pub(super) const LONGEST_ASKED: Duration = Duration::from_secs(600);

/// How an attempt ended, with what the user's closures say of its error.
#[derive(Debug)]
pub struct Judged<'a> {
    outcome: Outcome<'a>,
    worth_another: bool,
    asked: Option<Duration>,
    cut: bool,
}

impl<'a> Judged<'a> {
    /// Without closures of the user's, every error is worth another attempt.
    #[inline]
    #[must_use]
    pub fn new(outcome: Outcome<'a>) -> Self {
        Self {
            outcome,
            worth_another: true,
            asked: None,
            cut: false,
        }
    }

    /// With what `when` says.
    #[inline]
    #[must_use]
    pub fn when<T, E>(mut self, out: &Result<T, E>, when: impl FnOnce(&E) -> bool) -> Self {
        if let Err(error) = out {
            self.worth_another = when(error);
        }
        self
    }

    /// With the wait that `retry_after` finds.
    #[inline]
    #[must_use]
    pub fn retry_after<T, E>(
        mut self,
        out: &Result<T, E>,
        retry_after: impl FnOnce(&E) -> Option<Duration>,
    ) -> Self {
        if let Err(error) = out {
            self.asked = retry_after(error);
        }
        self
    }

    fn error(&self) -> ErrorText {
        match &self.outcome {
            Outcome::Failed(failure) => ErrorText::of(failure),
            Outcome::Ok => ErrorText::of(&Failure::Opaque),
        }
    }

    /// With whether the attempt was cut off.
    #[inline]
    #[must_use]
    pub fn cut(mut self, cut: bool) -> Self {
        self.cut = cut;
        self
    }
}

/// Why no attempt follows on one that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// All attempts are used up.
    Attempts,
    /// The deadline is over, or would be after the wait.
    Deadline,
    /// `when` says that the error stays.
    NotRetryable,
    /// The budget is empty.
    Budget,
}

impl Stop {
    /// As it stands in a line.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Attempts => "attempts",
            Self::Deadline => "deadline",
            Self::NotRetryable => "not_retryable",
            Self::Budget => "budget",
        }
    }
}

/// A failed attempt, and what follows on it.
#[derive(Debug)]
pub(crate) struct Retry<'a> {
    /// The monitored function that it counts for.
    pub(crate) site: Option<&'static Site>,
    pub(crate) function: &'static str,
    pub(crate) module: &'static str,
    /// The attempt that failed, counted from 1.
    pub(crate) attempt: u32,
    pub(crate) max: u32,
    pub(crate) error: &'a ErrorText,
    pub(crate) budget: Option<&'static str>,
    pub(crate) next: Result<Duration, Stop>,
}

impl RetrySite {
    /// The wait before the next attempt, or `None` where there is none: attempt `n`
    /// succeeded, or was the last. Only of one that failed is asked how.
    #[inline]
    pub fn after<'a>(
        &'static self,
        n: u32,
        succeeded: bool,
        judge: impl FnOnce() -> Judged<'a>,
        started: Option<&Started>,
    ) -> Option<Duration> {
        if !succeeded {
            // Before the user's closures run: they may call the function, or panic.
            let held = pending::take(self);
            return self.failed(n, &judge(), started, held);
        }
        if n > 1 {
            self.recovered(n);
        }
        None
    }

    #[cold]
    fn recovered(&'static self, n: u32) {
        let core = CoreRef::current();
        let site = self.site();
        if let Some(site) = site {
            site.stats_in(&core).recovered(self.is_own());
        }
        if !self.in_call {
            core.recovered(site, self, n);
        }
    }

    #[cold]
    fn failed(
        &'static self,
        n: u32,
        judged: &Judged<'_>,
        started: Option<&Started>,
        held: Held,
    ) -> Option<Duration> {
        let core = CoreRef::current();
        let next = self.decide(&core, n, judged, started);
        let site = self.site();
        if let Some(site) = site {
            site.stats_in(&core).failed_attempt(next, self.in_call);
        }
        if self.in_call {
            frame::note_failed_attempt(next, judged.cut);
        }
        let error = judged.error();
        if next.is_ok() {
            core.tried_again(&error);
        }
        match next {
            Ok(_) => held.forget(),
            Err(_) if held.is_some() => drop(held),
            Err(_) => self.alert_without_a_record(&core, n, &error),
        }
        // The record of the call tells that it gave up; where a single attempt is asked
        // for, nothing is given up.
        if next.is_ok() || !self.in_call && self.schedule.max > 1 {
            core.attempt_failed(&Retry {
                site,
                function: self.function,
                module: self.module,
                attempt: n,
                max: self.schedule.max,
                error: &error,
                budget: self.budget.as_ref().map(|share| share.name),
                next,
            });
        }
        next.ok()
    }

    /// The wait after failed attempt `n`, or why there is none.
    fn decide(
        &self,
        core: &CoreRef,
        n: u32,
        judged: &Judged<'_>,
        started: Option<&Started>,
    ) -> Result<Duration, Stop> {
        let left = self.deadline.map(|deadline| {
            let passed = started.map_or(Duration::ZERO, Started::elapsed);
            deadline.saturating_sub(passed)
        });
        if left.is_some_and(|left| left.is_zero()) {
            return Err(Stop::Deadline);
        }
        if !judged.worth_another {
            return Err(Stop::NotRetryable);
        }
        let planned = self.schedule.wait_after(n).ok_or(Stop::Attempts)?;
        if core.attempt_cap().is_some_and(|cap| n >= cap) {
            return Err(Stop::Attempts);
        }
        let wait = match judged.asked {
            Some(asked) => asked.min(self.longest_asked()),
            None if self.jitter => core.jitter.full(planned),
            None => planned,
        };
        if left.is_some_and(|left| wait >= left) {
            return Err(Stop::Deadline);
        }
        if !self.may_spend(core) {
            return Err(Stop::Budget);
        }
        Ok(wait)
    }

    /// The alert of a call whose last attempt left no record: its time was over before it
    /// began.
    fn alert_without_a_record(&self, core: &CoreRef, n: u32, error: &ErrorText) {
        if let (Some(site), Some(attached)) = (self.state.attempts.get(), core.attached.get()) {
            let failure = attached.attempts_failed(core, site, n, error);
            core.pass_on(failure);
        }
    }

    fn longest_asked(&self) -> Duration {
        let unbounded = self.long_wait || self.deadline.is_some();
        let longest = if unbounded {
            Duration::MAX
        } else {
            LONGEST_ASKED
        };
        self.schedule.max_delay.unwrap_or(longest)
    }

    /// The monitored function that the retries count for.
    pub(super) fn site(&self) -> Option<&'static Site> {
        self.state.attempts.get().copied().or(frame::current().site)
    }

    /// Whether the calls of that function are those of the loop, or its attempts.
    fn is_own(&self) -> bool {
        self.in_call || self.state.attempts.get().is_some()
    }
}
