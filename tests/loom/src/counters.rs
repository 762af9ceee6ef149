//! Models of a function's counters: a thread counts, one reads, one ends. The files are the
//! runtime's own, with few buckets, each of which is full with one call.

#[path = "../../../monitor-runtime/src/metrics/finished.rs"]
#[allow(dead_code, reason = "the runtime's tests make some in their own way")]
mod finished;
#[path = "../../../monitor-runtime/src/metrics/kind.rs"]
#[allow(dead_code, reason = "a model has calls of few kinds")]
mod kind;
#[path = "../../../monitor-runtime/src/metrics/late.rs"]
mod late;
#[path = "../../../monitor-runtime/src/metrics/live.rs"]
mod live;
#[path = "../../../monitor-runtime/src/metrics/shard.rs"]
mod shard;
#[path = "../../../monitor-runtime/src/metrics/totals.rs"]
mod totals;

mod sync {
    pub(crate) use std::sync::{PoisonError, TryLockError};

    /// In a model nobody waits in vain.
    pub(crate) fn patiently<T>(mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
        loop {
            if let Some(result) = attempt() {
                return Some(result);
            }
            loom::thread::yield_now();
        }
    }

    use loom::sync::atomic::AtomicBool;
    pub(crate) use loom::sync::atomic::{AtomicU32, AtomicU64, Ordering};
    pub(crate) use loom::sync::{Arc, Mutex, MutexGuard};

    pub(crate) const FULL: u32 = 1;

    /// One that the model knows of, for a thread that writes and others that look.
    #[derive(Debug)]
    pub(crate) struct OnceLock<T> {
        is_there: AtomicBool,
        value: std::sync::OnceLock<T>,
    }

    impl<T> OnceLock<T> {
        pub(crate) fn new() -> Self {
            Self {
                is_there: AtomicBool::new(false),
                value: std::sync::OnceLock::new(),
            }
        }

        pub(crate) fn get(&self) -> Option<&T> {
            let is_there = self.is_there.load(Ordering::Acquire);
            self.value.get().filter(|_| is_there)
        }

        pub(crate) fn get_or_init(&self, new: impl FnOnce() -> T) -> &T {
            let value = self.value.get_or_init(new);
            if !self.is_there.load(Ordering::Relaxed) {
                self.is_there.store(true, Ordering::Release);
            }
            value
        }
    }
}

/// Two buckets: each more is one more read that can come at any time.
mod histogram {
    pub(super) const OCTAVES: usize = 1;
    pub(super) const PER_OCTAVE: usize = 2;

    pub(super) fn place(nanos: u64) -> usize {
        usize::from(nanos > 1)
    }
}

/// What the runtime's `stats` does with them, without what comes of it.
mod stats {
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use loom::sync::Arc;

    use super::kind::Kind;
    use super::live::Live;
    use super::shard::Shard;
    use super::totals::{Sums, Totals};

    /// How often there was which kind of call in which place.
    pub(super) type Buckets = BTreeMap<(usize, usize), u64>;

    #[derive(Debug, Default)]
    pub(super) struct SiteStats {
        outermost: Totals,
        /// Nobody looks at it without the lock of `live`, which is the model's.
        durations: Mutex<Buckets>,
        pub(super) live: Live<Shard>,
    }

    /// What is read at one moment.
    #[derive(Debug, Default)]
    pub(super) struct Seen {
        pub(super) started: u64,
        pub(super) buckets: Buckets,
        pub(super) sums: Sums,
        pub(super) live: usize,
    }

    impl SiteStats {
        fn keep(&self, kind: Kind, place: usize, count: u64) {
            if let Ok(mut all) = self.durations.lock() {
                *all.entry((kind.index(), place)).or_default() += count;
            }
        }

        pub(super) fn carry(
            &self,
            kind: Kind,
            place: usize,
            count: u64,
            empty: impl FnOnce(),
        ) -> bool {
            let is_carried = self.live.between_reads(|| {
                self.keep(kind, place, count);
                empty();
            });
            assert!(is_carried, "nobody waits in vain");
            is_carried
        }

        pub(super) fn count_one(&self, kind: Kind, place: usize) {
            self.keep(kind, place, 1);
        }

        pub(super) fn fold(&self, shard: &Arc<Shard>) {
            self.live.leave(shard, |shard| {
                shard.each(|kind, place, count| self.keep(kind, place, count));
                self.outermost.absorb(shard.totals(true));
            });
        }

        pub(super) fn see(&self) -> Seen {
            self.live.read(|live| {
                let all = |live: &[Arc<Shard>]| {
                    let shards = live.iter().map(|shard| shard.totals(true).started());
                    shards.sum::<u64>() + self.outermost.started()
                };
                let mut seen = Seen {
                    started: all(live),
                    live: live.len(),
                    ..Seen::default()
                };
                if let Ok(kept) = self.durations.lock() {
                    seen.buckets.clone_from(&kept);
                }
                for shard in live {
                    shard.each(|kind, place, count| {
                        *seen.buckets.entry((kind.index(), place)).or_default() += count;
                    });
                }
                seen.buckets.retain(|_, count| *count > 0);
                seen.sums = self.outermost.read();
                for shard in live {
                    seen.sums.add(&shard.totals(true).read());
                }
                seen
            })
        }
    }
}

use loom::sync::Arc;
use loom::thread;

use self::finished::Finished;
use self::kind::{Kind, Outcome};
use self::shard::Shard;
use self::stats::{Seen, SiteStats};
use self::totals::{Records, Times};
use crate::clock::Tick;

/// A call: whether it fails, and its time in nanoseconds, of which one passes between polls
/// where there are more than one.
pub type Call = (bool, u64);

fn call(stats: &SiteStats, shard: &Shard, (fails, wall): Call) {
    let idle = u64::from(wall > 1);
    shard.start(true);
    if !fails {
        return shard.succeed(stats, true, wall, idle, Tick(wall));
    }
    let finished = Finished {
        kind: Kind::new(Outcome::Error, true),
        times: Times {
            wall,
            busy: wall - idle,
            cpu: Some(wall - idle),
        },
        reads: 1,
        records: Some(Records {
            produced: 1,
            ..Records::default()
        }),
        at: Tick(wall),
    };
    shard.finish(stats, &finished);
}

/// A thread makes calls, and ends if `ends`.
fn run(stats: &SiteStats, shard: &Arc<Shard>, calls: &[Call], ends: bool) {
    for each in calls {
        call(stats, shard, *each);
    }
    if ends {
        stats.fold(shard);
    }
}

/// What can have been, when each of so many threads runs one call at a time.
fn check(seen: &Seen, threads: u64) {
    let ended: u64 = seen.buckets.values().sum();
    let sums = &seen.sums;
    assert!(ended <= sums.started, "more ended than started: {seen:?}");
    assert!(seen.started <= ended + threads, "too many run: {seen:?}");
    assert!(sums.longest <= sums.wall(), "longest: {seen:?}");
    assert!(sums.cpu <= sums.busy, "CPU time: {seen:?}");
    // All of each call that is seen to have ended is there.
    let (mut slow, mut failed) = (0, 0);
    for ((kind, place), count) in &seen.buckets {
        slow += *place as u64 * count;
        failed += *kind as u64 * count;
    }
    assert!(sums.busy >= ended, "busy: {seen:?}");
    assert!(sums.idle >= slow, "idle: {seen:?}");
    assert!(sums.records.produced >= failed, "records: {seen:?}");
}

/// Nothing is less than it was.
fn compare(before: &Seen, now: &Seen) {
    for (bucket, count) in &before.buckets {
        let count_now = now.buckets.get(bucket).copied().unwrap_or(0);
        assert!(*count <= count_now, "a bucket fell: {before:?} {now:?}");
    }
    let numbers = |seen: &Seen| {
        let sums = &seen.sums;
        let ends = [sums.last_success, sums.longest, sums.records.produced];
        let times = [sums.started, sums.busy, sums.idle, sums.cpu];
        ends.into_iter().chain(times)
    };
    for (earlier, later) in numbers(before).zip(numbers(now)) {
        assert!(earlier <= later, "a sum fell: {before:?} {now:?}");
    }
}

/// What is left when all have run.
fn finish(stats: &SiteStats, calls: &[Call], times: u64, live: usize) {
    let seen = stats.see();
    assert_eq!(seen.live, live);
    let mut all = stats::Buckets::new();
    for (fails, wall) in calls {
        let bucket = (usize::from(*fails), histogram::place(*wall));
        *all.entry(bucket).or_default() += times;
    }
    assert_eq!(seen.buckets, all, "each call is counted once");
    let ended: u64 = all.values().sum();
    assert_eq!((seen.started, seen.sums.started), (ended, ended));
    let wall: u64 = calls.iter().map(|(_, wall)| wall * times).sum();
    assert_eq!(seen.sums.wall(), wall);
}

/// `threads` threads make these calls, and end if `ends`, while another reads `reads` times,
/// in every order that there is.
///
/// # Panics
///
/// When what is read cannot have been, or is less than it was.
pub fn count(calls: &'static [Call], threads: u32, ends: bool, reads: u32) {
    let mut model = loom::model::Builder::new();
    // All orders with two switches in them: one into a read and one out of it.
    model.preemption_bound = Some(2);
    // Many sums are read.
    model.max_branches = 20_000;
    model.check(move || {
        let stats = Arc::new(SiteStats::default());
        // Before any of them is at its end, which takes the lock.
        let join = |_| stats.live.join(Arc::default);
        let shards: Vec<_> = (0..threads).map(join).collect();
        let owners: Vec<_> = shards
            .into_iter()
            .map(|shard| {
                let shard = shard.expect("nobody else has the lock");
                let stats = Arc::clone(&stats);
                thread::spawn(move || run(&stats, &shard, calls, ends))
            })
            .collect();
        // Not in the main thread: the orders of what that reads are not all tried.
        let reader = Arc::clone(&stats);
        let reader = thread::spawn(move || {
            let mut last = Seen::default();
            for _ in 0..reads {
                let now = reader.see();
                check(&now, threads.into());
                compare(&last, &now);
                last = now;
            }
        });
        assert!(reader.join().is_ok());
        for owner in owners {
            assert!(owner.join().is_ok());
        }
        let live = if ends { 0 } else { threads as usize };
        finish(&stats, calls, threads.into(), live);
    });
}
