//! One retried function: its schedule, and what happens after a failed attempt.

use std::sync::OnceLock;
use std::time::Duration;

use monitor_config::Schedule;

use crate::call::Attempt;
use crate::core::CoreRef;
use crate::failure::{ErrorText, Failure, Outcome};
use crate::frame;
use crate::site::Site;

/// The call site of one retried function.
#[derive(Debug)]
pub struct RetrySite {
    function: &'static str,
    module: &'static str,
    schedule: Schedule,
    /// Whether the loop is the whole body of a monitored function.
    in_call: bool,
    /// The monitored function that each attempt is a call of.
    attempts: OnceLock<&'static Site>,
}

/// A failed attempt that another one follows.
#[derive(Debug)]
pub(crate) struct Retry<'a> {
    /// The monitored function that it counts for.
    pub(crate) site: Option<&'static Site>,
    pub(crate) function: &'static str,
    pub(crate) module: &'static str,
    /// The attempt that failed, counted from 1.
    pub(crate) attempt: u32,
    pub(crate) max: u32,
    pub(crate) wait: Duration,
    pub(crate) error: &'a ErrorText,
}

impl RetrySite {
    /// A site with the base delay `seconds` and `nanos`; `in_call` where the loop is
    /// the whole body of a monitored function.
    #[must_use]
    pub const fn new(
        function: &'static str,
        module: &'static str,
        max: u32,
        seconds: u64,
        nanos: u32,
        in_call: bool,
    ) -> Self {
        Self {
            function,
            module,
            schedule: Schedule::new(max, Duration::new(seconds, nanos)),
            in_call,
            attempts: OnceLock::new(),
        }
    }

    /// Whether no attempt follows attempt `n`.
    #[inline]
    pub fn is_last(&self, n: u32) -> bool {
        n >= self.schedule.max
    }

    /// What the call that is attempt `n` is told.
    #[inline]
    pub fn attempt(&'static self, n: u32) -> Attempt {
        Attempt {
            number: n,
            last: self.is_last(n),
            retry: Some(self),
        }
    }

    /// Notes that each attempt is a call of `site`.
    pub(crate) fn runs(&self, site: &'static Site) {
        self.attempts.get_or_init(|| site);
    }

    /// The wait before the next attempt, or `None` where there is none: the attempt
    /// succeeded, or it was the last.
    #[inline]
    pub fn wait_after(&self, n: u32, outcome: Outcome<'_>) -> Option<Duration> {
        match outcome {
            Outcome::Ok => None,
            Outcome::Failed(failure) => self.failed(n, &failure),
        }
    }

    #[cold]
    fn failed(&self, n: u32, failure: &Failure<'_>) -> Option<Duration> {
        let wait = self.schedule.wait_after(n)?;
        let core = CoreRef::current();
        let site = self.attempts.get().copied().or(frame::current().site);
        if let Some(site) = site {
            site.stats_in(&core).retried(wait);
        }
        if self.in_call {
            frame::note_retry(wait);
        }
        core.retried(&Retry {
            site,
            function: self.function,
            module: self.module,
            attempt: n,
            max: self.schedule.max,
            wait,
            error: &ErrorText::of(failure),
        });
        Some(wait)
    }
}
