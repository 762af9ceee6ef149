//! A token bucket that holds a service's retries to a share of its calls.
//!
//! Each call earns `ratio` tokens, and each second at least `floor`; a retry takes one.
//! So an outage adds that share to the load and no more, however many attempts the
//! functions ask for (the idea of Finagle's and Envoy's retry budgets).
//!
//! A call adds one to a counter. What it earned is worked out when a retry asks for a
//! token, under a lock that calls never take.

use std::time::Duration;

use monitor_config::Budget;

use super::sync::{AtomicU64, Mutex, MutexGuard, Ordering, PoisonError};

/// For how many seconds tokens keep that nobody takes.
const KEPT: f64 = 10.0;

/// Ten tenths are a bit less than one in binary fractions.
const WHOLE: f64 = 1.0 - 1e-9;

/// The retries that the functions that share a budget may still spend.
#[derive(Debug)]
pub(crate) struct Bucket {
    calls: AtomicU64,
    tokens: Mutex<Tokens>,
}

impl Bucket {
    /// A bucket that starts with one second's floor at the time `now` of some clock.
    pub(crate) fn new(budget: Budget, now: Duration) -> Self {
        Self {
            calls: AtomicU64::new(0),
            tokens: Mutex::new(Tokens::new(budget, now)),
        }
    }

    /// Another budget from now on.
    pub(crate) fn change(&self, budget: Budget) {
        self.lock().budget = budget;
    }

    /// A call, which earns something; its retries do not.
    #[inline]
    pub(crate) fn call(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes a token for a retry at the time `now`; whether there was one.
    pub(crate) fn take(&self, now: Duration) -> bool {
        let mut tokens = self.lock();
        let calls = self.calls.load(Ordering::Relaxed);
        tokens.take(calls, now.as_secs_f64())
    }

    fn lock(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is earned is counted in windows of at least a second, so that `floor` is the
/// least that is earned in a window and not something on top.
#[derive(Debug)]
struct Tokens {
    budget: Budget,
    left: f64,
    /// When the window began, in seconds, and how many calls there had been.
    opened: f64,
    calls_before: u64,
    /// How much of what the window earned is in `left` already.
    credited: f64,
    /// What was earned a second of late.
    rate: f64,
}

impl Tokens {
    fn new(budget: Budget, now: Duration) -> Self {
        Self {
            budget,
            left: budget.floor,
            opened: now.as_secs_f64(),
            calls_before: 0,
            credited: budget.floor,
            rate: budget.floor,
        }
    }

    fn take(&mut self, calls: u64, now: f64) -> bool {
        let length = (now - self.opened).max(0.0);
        let in_window = calls.saturating_sub(self.calls_before) as f64;
        let earned = (self.budget.ratio * in_window).max(self.budget.floor * length);
        let kept = earned * (KEPT / length.max(KEPT));
        self.left += (kept - self.credited).max(0.0);
        self.credited = self.credited.max(kept);
        if length >= 1.0 {
            // Half of what was earned before: retries come later than their calls.
            self.rate = (kept / length.min(KEPT)).max(self.rate / 2.0);
            self.left = self.left.min((KEPT * self.rate).max(1.0));
            (self.opened, self.calls_before, self.credited) = (now, calls, 0.0);
        }
        let granted = self.left >= WHOLE;
        if granted {
            self.left -= 1.0;
        }
        granted
    }
}

#[cfg(test)]
#[path = "bucket_tests.rs"]
mod tests;
