//! The counts of one function, in all threads.

use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use super::finished::Finished;
use super::histogram::{Dense, Histogram};
use super::kind::{KINDS, Kind, OUTCOMES, Outcome};
use super::live::Live;
use super::shard::Shard;
use super::snapshot::{CallStats, LastError};
use super::totals::{Many, Sums, Totals};
use crate::alerts::Calls;
use crate::clock::Tick;
use crate::details::Usual;
use crate::retry::decision::Stop;

/// What all threads counted: those that live, and here what is left of the others.
#[derive(Debug, Default)]
pub(crate) struct SiteStats {
    outermost: Totals,
    nested: Totals,
    durations: [OnceLock<Box<Histogram>>; KINDS],
    pub(super) live: Live<Shard>,
    retries: Retries,
    last_error: Mutex<Option<LastError>>,
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

impl SiteStats {
    fn totals(&self, outermost: bool) -> &Totals {
        if outermost {
            &self.outermost
        } else {
            &self.nested
        }
    }

    fn durations(&self, kind: Kind) -> &Histogram {
        self.durations[kind.index()].get_or_init(Box::default)
    }

    /// A call begins in a thread that has no counters.
    pub(crate) fn start(&self, outermost: bool) {
        self.totals(outermost).start::<Many>();
    }

    /// A call ends in a thread that has no counters.
    pub(crate) fn finish(&self, finished: &Finished) {
        finished.add_to::<Many>(self.totals(finished.kind.is_outermost()));
        self.durations(finished.kind).record(finished.times.wall);
    }

    /// Takes over a bucket that is full, unless others read for long; `empty` empties it.
    #[cold]
    pub(super) fn carry(&self, kind: Kind, place: usize, count: u64, empty: impl FnOnce()) -> bool {
        self.live.between_reads(|| {
            self.durations(kind).add(place, count);
            empty();
        })
    }

    /// Counts a call that no bucket has room for.
    #[cold]
    pub(super) fn count_one(&self, kind: Kind, place: usize) {
        self.durations(kind).add(place, 1);
    }

    /// Keeps what a thread counted that is at its end.
    pub(super) fn fold(&self, shard: &Arc<Shard>) {
        self.live.leave(shard, |shard| {
            shard.each(|kind, place, count| self.durations(kind).add(place, count));
            self.outermost.absorb(shard.totals(true));
            self.nested.absorb(shard.totals(false));
        });
    }

    /// Outermost calls that succeeded.
    pub(crate) fn successes(&self) -> u64 {
        self.live.read(|live| {
            let shared = self.durations[Kind::OK.index()].get();
            let mut all = shared.map_or(0, |durations| durations.count());
            for shard in live {
                shard.each(|kind, _, count| {
                    if kind == Kind::OK {
                        all += count;
                    }
                });
            }
            all
        })
    }

    /// What the outermost calls that succeeded were like.
    pub(crate) fn usual(&self) -> Usual {
        self.live.read(|live| {
            let mut durations = Dense::default();
            if let Some(shared) = self.durations[Kind::OK.index()].get() {
                shared.each(|place, count| durations.add(place, count));
            }
            let mut sums = self.outermost.read();
            for shard in live {
                sums.add(&shard.totals(true).read());
                shard.each(|kind, place, count| {
                    if kind == Kind::OK {
                        durations.add(place, count);
                    }
                });
            }
            let durations = durations.snapshot(0, u64::MAX);
            let calls = durations.count();
            let records = sums.records.produced;
            Usual {
                duration: (calls > 0).then(|| durations.quantile(0.5)),
                records: (records > 0).then(|| records / calls.max(1)),
                last_success: Tick::system_time(sums.last_success),
            }
        })
    }

    /// Outermost calls that ended, and how many of them failed.
    pub(crate) fn outcomes(&self) -> Calls {
        self.live.read(|live| {
            let mut calls = Calls::default();
            let mut add = |kind: Kind, count: u64| {
                if kind.is_outermost() {
                    calls.all += count;
                    if kind.is_failure() {
                        calls.failed += count;
                    }
                }
            };
            for (kind, durations) in Kind::ALL.into_iter().zip(&self.durations) {
                if let Some(durations) = durations.get() {
                    add(kind, durations.count());
                }
            }
            for shard in live {
                shard.each(|kind, _, count| add(kind, count));
            }
            calls
        })
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

    /// A call failed with this error.
    pub(crate) fn failed(&self, text: &str) {
        let error = LastError {
            at: SystemTime::now(),
            error: text.to_owned(),
        };
        let mut last = self
            .last_error
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *last = Some(error);
    }

    /// What counts for the stage, its outermost calls and all retries in it; and what counts
    /// for the function, which is all of its calls.
    pub(crate) fn snapshot(&self) -> (CallStats, CallStats) {
        let [mut stage, nested] = self.calls();
        self.retries.add_to(&mut stage);
        let last = self
            .last_error
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        stage.last_error.clone_from(&last);
        let mut function = stage.clone();
        function.merge(&nested);
        (stage, function)
    }

    /// The outermost calls, and the others.
    fn calls(&self) -> [CallStats; 2] {
        self.live.read(|live| {
            let mut started = self.started(live);
            let mut durations: [Dense; KINDS] = Default::default();
            self.each(live, |kind, place, count| {
                durations[kind.index()].add(place, count);
            });
            let sums = [true, false].map(|outermost| {
                let mut sums = self.totals(outermost).read();
                for shard in live {
                    sums.add(&shard.totals(outermost).read());
                }
                sums
            });
            let (outermost, nested) = durations.split_at(OUTCOMES);
            let mut calls = [calls(&sums[0], outermost), calls(&sums[1], nested)];
            let mut ended = calls.each_ref().map(CallStats::calls);
            // A call that has come and gone while the buckets were read hides one that runs.
            for looks_left in (0..LOOKS).rev() {
                for (calls, (started, ended)) in calls.iter_mut().zip(started.iter().zip(ended)) {
                    calls.in_flight = calls.in_flight.max(started.saturating_sub(ended));
                }
                let before = mem::replace(&mut started, self.started(live));
                if looks_left == 0 || started == before {
                    break;
                }
                ended = [0; 2];
                self.each(live, |kind, _, count| {
                    ended[usize::from(!kind.is_outermost())] += count;
                });
            }
            calls
        })
    }

    /// How many calls started, of the outermost ones and of the others.
    fn started(&self, live: &[Arc<Shard>]) -> [u64; 2] {
        [true, false].map(|outermost| {
            let shards = live.iter().map(|shard| shard.totals(outermost));
            let all = shards.chain([self.totals(outermost)]);
            all.map(Totals::started).fold(0, u64::saturating_add)
        })
    }

    /// Shows how often there was which kind of call in which place.
    fn each(&self, live: &[Arc<Shard>], mut see: impl FnMut(Kind, usize, u64)) {
        for (kind, shared) in Kind::ALL.into_iter().zip(&self.durations) {
            if let Some(shared) = shared.get() {
                shared.each(|place, count| see(kind, place, count));
            }
        }
        for shard in live {
            shard.each(&mut see);
        }
    }
}

/// How often it is looked for a moment in which no call begins, to know how many run.
const LOOKS: usize = 3;

/// All but how many run.
fn calls(sums: &Sums, durations: &[Dense]) -> CallStats {
    let count = |outcome: Outcome| durations.get(outcome as usize).map_or(0, Dense::count);
    let mut all = Dense::default();
    for dense in durations {
        all.merge(dense);
    }
    let records = &sums.records;
    let missing = i128::from(records.missing) - i128::from(records.surplus);
    let mut stats = CallStats {
        ok: count(Outcome::Ok),
        error: count(Outcome::Error),
        panic: count(Outcome::Panic),
        timeout: count(Outcome::Timeout),
        cancelled: count(Outcome::Cancelled),
        records: records.produced,
        records_in: records.given,
        records_rejected: records.rejected,
        records_unaccounted: i64::try_from(missing).unwrap_or(i64::MAX),
        busy: Duration::from_nanos(sums.busy),
        last_success: Tick::system_time(sums.last_success),
        duration: all.snapshot(sums.wall(), sums.longest),
        ..CallStats::default()
    };
    if sums.cpu_calls > 0 {
        // In proportion, where not each call was measured.
        let share = sums.cpu as f64 / sums.cpu_busy.max(1) as f64;
        stats.cpu_is_estimate = sums.cpu_calls < stats.calls();
        stats.cpu_time = Some(if stats.cpu_is_estimate {
            Duration::from_nanos((share.min(1.0) * sums.busy as f64) as u64)
        } else {
            Duration::from_nanos(sums.cpu)
        });
    }
    stats
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

#[cfg(test)]
#[path = "stats_tests.rs"]
mod tests;
