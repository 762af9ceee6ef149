//! The counts of one function, written by its calls.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use super::histogram::Histogram;
use super::snapshot::CallStats;
use crate::call::{Counts, End};

/// Outermost calls of the stage and calls inside another call of the same stage,
/// apart: a stage's totals count only the former.
#[derive(Debug, Default)]
pub(crate) struct SiteStats {
    outermost: Calls,
    nested: Calls,
    retries: AtomicU64,
    waited_nanos: AtomicU64,
}

#[derive(Debug, Default)]
struct Calls {
    ok: AtomicU64,
    error: AtomicU64,
    panic: AtomicU64,
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

    pub(crate) fn retried(&self, wait: Duration) {
        let nanos = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
        self.retries.fetch_add(1, Ordering::Relaxed);
        self.waited_nanos.fetch_add(nanos, Ordering::Relaxed);
    }

    /// What counts for the stage: its outermost calls, and all retries in it.
    pub(crate) fn for_stage(&self) -> CallStats {
        CallStats {
            retries: self.retries.load(Ordering::Relaxed),
            retry_wait: Duration::from_nanos(self.waited_nanos.load(Ordering::Relaxed)),
            ..self.outermost.snapshot()
        }
    }

    /// What counts for the function: all of its calls.
    pub(crate) fn for_function(&self) -> CallStats {
        let mut stats = self.for_stage();
        stats.merge(&self.nested.snapshot());
        stats
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
