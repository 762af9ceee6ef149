//! The counts of one function, written by its calls.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use super::histogram::Histogram;
use super::snapshot::CallStats;
use crate::call::{Counts, End};
use crate::retry::decision::Stop;

/// Outermost calls of the stage and calls inside another call of the same stage,
/// apart: a stage's totals count only the former.
#[derive(Debug, Default)]
pub(crate) struct SiteStats {
    outermost: Calls,
    nested: Calls,
    retries: Retries,
}

/// What the loops of the function, and those in it, did.
#[derive(Debug, Default)]
struct Retries {
    made: AtomicU64,
    waited_nanos: AtomicU64,
    /// Of the loop that is the function's body: more attempts than calls.
    in_calls: AtomicU64,
    recovered: AtomicU64,
    /// Those of the loop that the function's calls are part of.
    own_recovered: AtomicU64,
    gave_up: AtomicU64,
    not_retryable: AtomicU64,
    out_of_budget: AtomicU64,
}

#[derive(Debug, Default)]
struct Calls {
    ok: AtomicU64,
    error: AtomicU64,
    panic: AtomicU64,
    timeout: AtomicU64,
    cancelled: AtomicU64,
    records: AtomicU64,
    records_in: AtomicU64,
    rejected: AtomicU64,
    unaccounted: AtomicI64,
    in_flight: AtomicI64,
    duration: Histogram,
}

impl SiteStats {
    fn calls(&self, outermost: bool) -> &Calls {
        if outermost {
            &self.outermost
        } else {
            &self.nested
        }
    }

    pub(crate) fn start(&self, outermost: bool) {
        self.calls(outermost)
            .in_flight
            .fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn finish(&self, outermost: bool, end: &End, counts: &Counts, duration: Duration) {
        let calls = self.calls(outermost);
        let outcome = match end {
            End::Ok => &calls.ok,
            End::Error(_) => &calls.error,
            End::Panic(_) => &calls.panic,
            End::TimedOut(_) => &calls.timeout,
            End::Cancelled => &calls.cancelled,
        };
        outcome.fetch_add(1, Ordering::Relaxed);
        add(&calls.records, counts.records);
        add(&calls.records_in, counts.records_in);
        add(&calls.rejected, counts.rejected);
        if let Some(missing) = counts.unaccounted() {
            let _ = calls
                .unaccounted
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |sum| {
                    Some(sum.saturating_add(missing))
                });
        }
        calls.duration.record(duration);
        calls.in_flight.fetch_sub(1, Ordering::Relaxed);
    }

    /// Outermost calls that succeeded.
    pub(crate) fn successes(&self) -> u64 {
        self.outermost.ok.load(Ordering::Relaxed)
    }

    /// An attempt failed, and `next` follows; `in_call` where the loop is the body.
    pub(crate) fn failed_attempt(&self, next: Result<Duration, Stop>, in_call: bool) {
        let retries = &self.retries;
        let counter = match next {
            Ok(wait) => {
                let nanos = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
                retries.waited_nanos.fetch_add(nanos, Ordering::Relaxed);
                if in_call {
                    retries.in_calls.fetch_add(1, Ordering::Relaxed);
                }
                &retries.made
            }
            Err(Stop::Attempts | Stop::Deadline) => &retries.gave_up,
            Err(Stop::NotRetryable) => &retries.not_retryable,
            Err(Stop::Budget) => &retries.out_of_budget,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// A call was dropped with so much of a wait left.
    pub(crate) fn retry_cut_short(&self, rest: Duration) {
        let nanos = u64::try_from(rest.as_nanos()).unwrap_or(u64::MAX);
        self.retries.made.fetch_sub(1, Ordering::Relaxed);
        self.retries.in_calls.fetch_sub(1, Ordering::Relaxed);
        self.retries
            .waited_nanos
            .fetch_sub(nanos, Ordering::Relaxed);
    }

    /// A loop's call succeeded after retries; `is_own` where it counts as one of the
    /// function's.
    pub(crate) fn recovered(&self, is_own: bool) {
        self.retries.recovered.fetch_add(1, Ordering::Relaxed);
        if is_own {
            self.retries.own_recovered.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What counts for the stage: its outermost calls, and all retries in it.
    pub(crate) fn for_stage(&self) -> CallStats {
        let mut stats = self.outermost.snapshot();
        self.retries.add_to(&mut stats);
        stats
    }

    /// What counts for the function: all of its calls.
    pub(crate) fn for_function(&self) -> CallStats {
        let mut stats = self.for_stage();
        stats.merge(&self.nested.snapshot());
        stats
    }
}

impl Retries {
    fn add_to(&self, stats: &mut CallStats) {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        stats.retries = load(&self.made);
        stats.retry_wait = Duration::from_nanos(load(&self.waited_nanos));
        stats.retries_in_calls = load(&self.in_calls);
        stats.recovered = load(&self.recovered);
        stats.own_recovered = load(&self.own_recovered);
        stats.gave_up = load(&self.gave_up);
        stats.not_retryable = load(&self.not_retryable);
        stats.out_of_budget = load(&self.out_of_budget);
    }
}

fn add(sum: &AtomicU64, count: Option<u64>) {
    if let Some(count) = count {
        let _ = sum.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |sum| {
            Some(sum.saturating_add(count))
        });
    }
}

impl Calls {
    fn snapshot(&self) -> CallStats {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        CallStats {
            ok: load(&self.ok),
            error: load(&self.error),
            panic: load(&self.panic),
            timeout: load(&self.timeout),
            cancelled: load(&self.cancelled),
            records: load(&self.records),
            records_in: load(&self.records_in),
            records_rejected: load(&self.rejected),
            records_unaccounted: self.unaccounted.load(Ordering::Relaxed),
            in_flight: u64::try_from(self.in_flight.load(Ordering::Relaxed)).unwrap_or(0),
            duration: self.duration.snapshot(),
            ..CallStats::default()
        }
    }
}
