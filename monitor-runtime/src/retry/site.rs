//! One retried function: its schedule, and what happens after a failed attempt.

use std::time::Duration;

use monitor_config::Schedule;

use crate::call::Attempt;
use crate::core::CoreRef;
use crate::failure::{ErrorText, Failure, Outcome};
use crate::frame;

/// The call site of one retried function.
#[derive(Debug)]
pub struct RetrySite {
    function: &'static str,
    module: &'static str,
    schedule: Schedule,
}

/// A failed attempt that another one follows.
#[derive(Debug)]
pub(crate) struct Retry<'a> {
    pub(crate) function: &'static str,
    pub(crate) module: &'static str,
    /// The attempt that failed, counted from 1.
    pub(crate) attempt: u32,
    pub(crate) max: u32,
    pub(crate) wait: Duration,
    pub(crate) error: &'a ErrorText,
}

impl RetrySite {
    /// A site with the base delay `seconds` and `nanos`.
    #[must_use]
    pub const fn new(
        function: &'static str,
        module: &'static str,
        max: u32,
        seconds: u64,
        nanos: u32,
    ) -> Self {
        Self {
            function,
            module,
            schedule: Schedule::new(max, Duration::new(seconds, nanos)),
        }
    }

    /// Whether no attempt follows attempt `n`.
    #[inline]
    pub fn is_last(&self, n: u32) -> bool {
        n >= self.schedule.max
    }

    /// What the call that is attempt `n` is told.
    #[inline]
    pub fn attempt(&self, n: u32) -> Attempt {
        Attempt::new(n, self.is_last(n))
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
        if let Some(site) = frame::current().site {
            site.stats_in(&core).retried(wait);
        }
        frame::note_retry(wait);
        core.retried(&Retry {
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
