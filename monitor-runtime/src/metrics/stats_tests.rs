use std::collections::BTreeMap;
use std::mem::size_of;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicBool;
use std::thread;

use super::super::histogram::{OCTAVES, PER_OCTAVE};
use super::super::totals::{Records, Times};
use super::*;
use crate::core::CoreRef;
use crate::site::Site;

macro_rules! site {
    ($site:ident) => {
        static $site: Site = Site::new("COUNTS", "COUNTS", "counts", "counts", &$site);
    };
}

/// A plain call, as the way through a call of a sync function counts it. A thread has no
/// counters at first while somebody reads.
fn succeed(site: &'static Site, wall: u64) {
    if !site.count_plain_start(true) {
        site.count_start(&CoreRef::Process, true);
    }
    if !site.count_success(true, wall, 0, Tick::now()) {
        let finished = Finished::for_test(Outcome::Ok, true, wall);
        site.count_end(&CoreRef::Process, &finished);
    }
}

/// Says so when it is dropped, also by a panic: who reads until then is waited for.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

fn finish(site: &'static Site, finished: &Finished) {
    site.count_start(&CoreRef::Process, finished.kind.is_outermost());
    site.count_end(&CoreRef::Process, finished);
}

fn end(site: &'static Site, outcome: Outcome, outermost: bool, wall: u64) {
    finish(site, &Finished::for_test(outcome, outermost, wall));
}

/// What all buckets have now.
fn buckets(stats: &SiteStats) -> BTreeMap<(usize, usize), u64> {
    let mut all = BTreeMap::new();
    stats.live.read(|live| {
        stats.each(live, |kind, place, count| {
            *all.entry((kind.index(), place)).or_default() += count;
        });
    });
    all.retain(|_, count| *count > 0);
    all
}

/// No bucket has less than before.
fn assert_not_fallen(before: &BTreeMap<(usize, usize), u64>, now: &BTreeMap<(usize, usize), u64>) {
    for (bucket, count) in before {
        let now = now.get(bucket).copied().unwrap_or(0);
        assert!(*count <= now, "{bucket:?} fell from {count} to {now}");
    }
}

#[test]
fn the_counters_of_a_thread_are_gone_with_it_and_what_they_counted_is_not() {
    site!(SITE);
    for ended in 1..=20 {
        let live = thread::spawn(|| {
            succeed(&SITE, 7);
            succeed(&SITE, 7);
            end(&SITE, Outcome::Error, true, 9);
            SITE.stats().live.read(<[_]>::len)
        });
        assert_eq!(live.join().expect("no panic"), 1);
        assert_eq!(SITE.stats().live.read(<[_]>::len), 0);
        let ended_all = BTreeMap::from([((0, 7), 2 * ended), ((1, 9), ended)]);
        assert_eq!(buckets(SITE.stats()), ended_all);
        let (stage, function) = SITE.stats().snapshot();
        assert_eq!(
            (stage.ok, stage.error, stage.in_flight),
            (2 * ended, ended, 0)
        );
        assert_eq!(stage, function);
        assert_eq!(SITE.stats().successes(), 2 * ended);
    }
}

/// A bucket is full with 1,024 calls here, with two billion in a program.
#[test]
fn a_full_bucket_is_carried_over_and_no_call_is_lost() {
    site!(SITE);
    let calls = 5_003;
    for n in 1..=calls {
        succeed(&SITE, 7);
        end(&SITE, Outcome::Panic, true, 20);
        end(&SITE, Outcome::Ok, false, 9);
        // Around each of the moments at which one is full, and some more.
        if n % 1_024 < 3 || n % 1_024 > 1_021 || n % 77 == 0 {
            let (stage, function) = SITE.stats().snapshot();
            assert_eq!((stage.ok, stage.panic, stage.in_flight), (n, n, 0));
            assert_eq!((function.ok, function.in_flight), (2 * n, 0));
            assert_eq!(function.duration.total(), Duration::from_nanos(36 * n));
            assert_eq!(SITE.stats().successes(), n);
        }
    }
    let all = BTreeMap::from([((0, 7), calls), ((2, 20), calls), ((5, 9), calls)]);
    assert_eq!(buckets(SITE.stats()), all);
}

/// The call was counted twice for as long as it was the last one.
#[test]
fn a_full_bucket_that_cannot_be_carried_over_counts_on() {
    site!(SITE);
    let mut calls = 0;
    while calls < 1_024 {
        succeed(&SITE, 7);
        calls += 1;
    }
    SITE.stats().live.read(|live| {
        for _ in 0..3 {
            succeed(&SITE, 7);
            calls += 1;
            let mut seen = 0;
            SITE.stats().each(live, |_, _, count| seen += count);
            assert_eq!(seen, calls);
        }
    });
    while calls < 3_000 {
        succeed(&SITE, 7);
        calls += 1;
        assert_eq!(SITE.stats().successes(), calls);
    }
}

/// The call that is late may be one of another bucket when the own one is full.
#[test]
fn a_bucket_that_fills_up_in_turns_with_another_loses_no_call() {
    site!(SITE);
    for n in 0..4_100_u64 {
        succeed(&SITE, if n.is_multiple_of(3) { 5 } else { 50_000 });
    }
    let all: Vec<u64> = buckets(SITE.stats()).into_values().collect();
    assert_eq!(all, [1_367, 2_733]);
}

#[test]
fn no_bucket_falls_and_no_more_calls_run_than_threads_while_they_fill_them_and_end() {
    site!(SITE);
    let (rounds, calls) = (40, 2_500);
    succeed(&SITE, 1);
    let has_ended = AtomicBool::new(false);
    let seen = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (mut last, mut seen) = (BTreeMap::new(), 0);
            while !has_ended.load(Ordering::Acquire) {
                let now = buckets(SITE.stats());
                assert_not_fallen(&last, &now);
                let successes: u64 = now
                    .iter()
                    .filter(|((kind, _), _)| *kind == 0)
                    .map(|(_, count)| count)
                    .sum();
                assert!(successes <= SITE.stats().successes());
                let flying = SITE.stats().snapshot().0.in_flight;
                assert!(flying <= 3, "{flying} in flight of three threads");
                (last, seen) = (now, seen + 1);
            }
            seen
        });
        let ends = Ends(&has_ended);
        for _ in 0..rounds {
            let threads = [(); 3].map(|()| {
                thread::spawn(move || {
                    for n in 0..calls {
                        succeed(&SITE, 3 + n % 2);
                        if n % 5 == 0 {
                            end(&SITE, Outcome::Error, true, 7);
                        }
                    }
                })
            });
            for thread in threads {
                thread.join().expect("no panic");
            }
        }
        drop(ends);
        reader.join().expect("no panic")
    });
    let each = 3 * rounds * calls;
    let all = BTreeMap::from([
        ((0, 1), 1),
        ((0, 3), each / 2),
        ((0, 4), each / 2),
        ((1, 7), each / 5),
    ]);
    assert_eq!(buckets(SITE.stats()), all);
    assert!(seen > 1, "nobody read meanwhile");
}

/// What they count together, they count whoever counted it.
#[test]
fn threads_without_counters_and_those_with_them_add_up() {
    site!(SITE);
    let records = Records {
        produced: 3,
        given: 5,
        rejected: 1,
        missing: 1,
        surplus: 0,
    };
    let finished = Finished {
        times: Times {
            wall: 100,
            busy: 40,
            cpu: Some(30),
        },
        records: Some(records),
        ..Finished::for_test(Outcome::Ok, true, 0)
    };
    finish(&SITE, &finished);
    // As at the end of a thread, when its locals are gone.
    SITE.stats().start(true);
    SITE.stats().finish(&finished);
    let third = thread::spawn(move || finish(&SITE, &finished));
    third.join().expect("no panic");
    let (stage, _) = SITE.stats().snapshot();
    assert_eq!((stage.ok, stage.in_flight), (3, 0));
    assert_eq!((stage.records, stage.records_in), (9, 15));
    assert_eq!((stage.records_rejected, stage.records_unaccounted), (3, 3));
    assert_eq!(stage.busy, Duration::from_nanos(120));
    assert_eq!(stage.duration.total(), Duration::from_nanos(300));
    assert_eq!(stage.duration.max(), Duration::from_nanos(100));
    assert_eq!(stage.cpu_time, Some(Duration::from_nanos(90)));
    assert!(!stage.cpu_is_estimate);
}

#[test]
fn cpu_time_is_in_proportion_where_a_part_was_measured() {
    site!(SITE);
    let measured = Finished {
        times: Times {
            wall: 1_000,
            busy: 1_000,
            cpu: Some(250),
        },
        reads: 1,
        ..Finished::for_test(Outcome::Ok, true, 0)
    };
    finish(&SITE, &measured);
    for _ in 0..3 {
        end(&SITE, Outcome::Ok, true, 1_000);
    }
    let (stage, _) = SITE.stats().snapshot();
    assert_eq!(stage.cpu_time, Some(Duration::from_micros(1)));
    assert!(stage.cpu_is_estimate);
}

/// A sum stays at the highest number there is.
#[test]
fn sums_do_not_overflow() {
    site!(SITE);
    let longest = Finished {
        times: Times {
            wall: u64::MAX,
            busy: u64::MAX / 2,
            cpu: Some(u64::MAX),
        },
        reads: u32::MAX,
        records: Some(Records {
            produced: u64::MAX,
            given: u64::MAX,
            rejected: u64::MAX,
            missing: u64::MAX,
            surplus: 0,
        }),
        ..Finished::for_test(Outcome::Ok, true, 0)
    };
    let thread = thread::spawn(move || (0..3).for_each(|_| finish(&SITE, &longest)));
    thread.join().expect("no panic");
    (0..3).for_each(|_| finish(&SITE, &longest));
    let (stage, function) = SITE.stats().snapshot();
    for stats in [stage, function] {
        assert_eq!((stats.ok, stats.records), (6, u64::MAX));
        assert_eq!(stats.records_unaccounted, i64::MAX);
        assert_eq!(stats.duration.max(), Duration::from_nanos(u64::MAX));
        assert_eq!(stats.duration.total(), Duration::from_nanos(u64::MAX));
        assert_eq!(stats.busy, Duration::from_nanos(u64::MAX));
    }
}

/// Nothing that it guards is half done.
#[test]
fn a_lock_that_a_panic_has_poisoned_guards_counters_that_are_whole() {
    site!(SITE);
    succeed(&SITE, 7);
    let stats = SITE.stats();
    let poison = AssertUnwindSafe(|| stats.live.read(|_| panic!("while it reads")));
    assert!(catch_unwind(poison).is_err());
    succeed(&SITE, 7);
    let other = thread::spawn(|| {
        succeed(&SITE, 7);
        SITE.stats().live.read(<[_]>::len)
    });
    assert_eq!(other.join().expect("no panic"), 2);
    assert_eq!(stats.live.read(<[_]>::len), 1);
    assert_eq!(stats.successes(), 3);
}

/// What `shard` says of its size.
#[test]
fn the_counters_of_a_function_are_as_small_as_they_are_said_to_be() {
    let counts_of_arc = 2 * size_of::<usize>();
    // What an allocator takes for itself.
    let overhead = size_of::<usize>() * 2;
    let octave = PER_OCTAVE * size_of::<u32>() + overhead;
    assert_eq!(octave, 144);
    let shard = size_of::<Shard>() + counts_of_arc + overhead;
    assert_eq!(shard, 960);
    assert!((1_200..1_600).contains(&(shard + 2 * octave)));
    assert!((1_200..1_600).contains(&(shard + 4 * octave)));
    let places = OCTAVES * size_of::<OnceLock<Box<()>>>();
    assert_eq!(places, 688);
    let most = shard + KINDS * places + overhead + KINDS * OCTAVES * octave;
    assert_eq!(most / 1024, 68);
}
