//! One retried function: a `static` with all that its attribute says.

#[cfg(feature = "tokio")]
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use monitor_config::{Budget, Schedule};

use super::bucket::Bucket;
use super::budgets::Share;
use super::clock::Started;
use crate::core::CoreRef;
use crate::opening::Attempt;
use crate::site::Site;

/// The call site of one retried function.
#[derive(Debug)]
pub struct RetrySite {
    pub(super) function: &'static str,
    pub(super) module: &'static str,
    pub(super) schedule: Schedule,
    /// Whether the loop is the whole body of a monitored function.
    pub(super) in_call: bool,
    pub(super) jitter: bool,
    pub(super) deadline: Option<Duration>,
    pub(super) attempt_timeout: Option<Duration>,
    pub(super) long_wait: bool,
    pub(super) budget: Option<Share>,
    /// Elsewhere, so that the compiler knows all of the above where it is used.
    pub(super) state: &'static RetryState,
}

/// What a retried function finds out while the program runs.
#[derive(Debug)]
pub struct RetryState {
    bucket: OnceLock<Arc<Bucket>>,
    /// The monitored function that each attempt is a call of.
    pub(super) attempts: OnceLock<&'static Site>,
    /// Whether it was said that its waits block a runtime.
    #[cfg(feature = "tokio")]
    pub(super) warned: AtomicBool,
}

impl RetryState {
    /// Of a function that was not called yet.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "generated code needs it as a constant"
    )]
    pub const fn new() -> Self {
        Self {
            bucket: OnceLock::new(),
            attempts: OnceLock::new(),
            #[cfg(feature = "tokio")]
            warned: AtomicBool::new(false),
        }
    }
}

impl RetrySite {
    /// A site with the base delay `seconds` and `nanos`, and the defaults of all other
    /// keys; `in_call` where the loop is the whole body of a monitored function.
    #[must_use]
    pub const fn new(
        function: &'static str,
        module: &'static str,
        max: u32,
        seconds: u64,
        nanos: u32,
        in_call: bool,
        state: &'static RetryState,
    ) -> Self {
        Self {
            function,
            module,
            schedule: Schedule::new(max, Duration::new(seconds, nanos)),
            in_call,
            jitter: false,
            deadline: None,
            attempt_timeout: None,
            long_wait: false,
            budget: None,
            state,
        }
    }

    /// With `factor`.
    #[must_use]
    pub const fn factor(mut self, factor: f64) -> Self {
        self.schedule.factor = factor;
        self
    }

    /// With `max_delay`, in seconds and nanoseconds.
    #[must_use]
    pub const fn max_delay(mut self, seconds: u64, nanos: u32) -> Self {
        self.schedule.max_delay = Some(Duration::new(seconds, nanos));
        self
    }

    /// With `jitter = "full"`.
    #[must_use]
    pub const fn jitter(mut self) -> Self {
        self.jitter = true;
        self
    }

    /// With `deadline`, in seconds and nanoseconds.
    #[must_use]
    pub const fn deadline(mut self, seconds: u64, nanos: u32) -> Self {
        self.deadline = Some(Duration::new(seconds, nanos));
        self
    }

    /// With `attempt_timeout`, in seconds and nanoseconds.
    #[must_use]
    pub const fn attempt_timeout(mut self, seconds: u64, nanos: u32) -> Self {
        self.attempt_timeout = Some(Duration::new(seconds, nanos));
        self
    }

    /// With `allow_long_wait`.
    #[must_use]
    pub const fn long_wait(mut self) -> Self {
        self.long_wait = true;
        self
    }

    /// With `budget`, and what monitor.toml said of it when this was compiled.
    #[must_use]
    pub const fn budget(mut self, name: &'static str, ratio: f64, floor: f64) -> Self {
        self.budget = Some(Share {
            name,
            budget: Budget { ratio, floor },
        });
        self
    }

    /// A call begins; for a site with a budget.
    pub fn count(&self) {
        if let Some(share) = &self.budget {
            let core = CoreRef::current();
            let bucket = share.bucket(&core, &self.state.bucket);
            bucket.call(core.budget_time());
        }
    }

    /// A call of an async function begins; for a site with a deadline.
    pub fn start(&self) -> Started {
        Started::now_async()
    }

    /// A call of a sync function begins.
    #[inline(always)]
    pub(super) fn begin(&self) -> Option<Started> {
        if self.budget.is_some() {
            self.count();
        }
        if self.deadline.is_some() {
            return Some(Started::now());
        }
        None
    }

    /// Whether a retry may be spent.
    pub(super) fn may_spend(&self, core: &CoreRef) -> bool {
        self.budget.as_ref().is_none_or(|share| {
            let bucket = share.bucket(core, &self.state.bucket);
            bucket.take(core.budget_time())
        })
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
            id: 0,
            retry: Some(self),
        }
    }

    /// The same for an attempt that may be cut off.
    pub fn limited_attempt(&'static self, n: u32) -> Attempt {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Attempt {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            ..self.attempt(n)
        }
    }

    /// Notes that each attempt is a call of `site`.
    pub(crate) fn runs(&self, site: &'static Site) {
        self.state.attempts.get_or_init(|| site);
    }

    /// Whether this is the same `static`.
    pub(crate) fn is(&'static self, other: &'static Self) -> bool {
        std::ptr::eq(self, other)
    }
}
