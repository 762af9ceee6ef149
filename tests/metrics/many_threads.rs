//! 64 threads that call, and some that read meanwhile: no call is lost or counted twice, and
//! every snapshot is one that can have been.

use std::ops::AddAssign;
use std::panic::{self, catch_unwind};
use std::sync::atomic::AtomicBool;
use std::sync::{Barrier, Mutex, PoisonError};
use std::thread::{self, ScopedJoinHandle};
use std::time::Instant;

use monitor_runtime::{CallStats, monitored, snapshot};

use crate::futures::{Boxed, Once, finish, poll};
use crate::jobs;
use crate::watch::{Ends, Watch, function};

const THREADS: u64 = 64;
const STAGE: &str = "M-64";

#[monitored(stage = "M-64", event = "PLAIN")]
fn plain(n: u64) -> u64 {
    n
}

#[monitored(stage = "M-64", event = "OUTER")]
fn outer(n: u64) -> u64 {
    plain(n)
}

#[monitored(stage = "M-64", event = "ROWS", records = |rows| *rows)]
fn rows(n: u64) -> Result<u64, String> {
    if n.is_multiple_of(4) {
        Err("of four".to_owned())
    } else {
        Ok(n % 5)
    }
}

const EXPECTED: &str = "of two thousand";

#[monitored(stage = "M-64", event = "PANICS")]
fn panics(n: u64) {
    assert!(!n.is_multiple_of(2000), "of two thousand");
}

#[monitored(stage = "M-64", event = "STEPS", records = |rows| *rows)]
async fn steps(n: u64) -> Result<u64, String> {
    Once::new().await;
    if n.is_multiple_of(3) {
        return Err("of three".to_owned());
    }
    Ok(n % 5)
}

/// A future that was polled once, and whether it is to be dropped.
type Begun = (Boxed<Result<u64, String>>, bool);

/// A thread leaves its future in a place and ends the one that it finds there.
static BEGUN: [Mutex<Option<Begun>>; 64] = [const { Mutex::new(None) }; 64];

/// What a thread did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Did {
    ok: u64,
    error: u64,
    panic: u64,
    cancelled: u64,
    records: u64,
}

impl AddAssign for Did {
    fn add_assign(&mut self, more: Self) {
        self.ok += more.ok;
        self.error += more.error;
        self.panic += more.panic;
        self.cancelled += more.cancelled;
        self.records += more.records;
    }
}

impl Did {
    fn end(&mut self, result: Result<u64, String>) {
        match result {
            Ok(rows) => {
                self.ok += 1;
                self.records += rows;
            }
            Err(_) => self.error += 1,
        }
    }

    fn end_begun(&mut self, (future, is_dropped): Begun) {
        if is_dropped {
            drop(future);
            self.cancelled += 1;
        } else {
            self.end(finish(future));
        }
    }

    fn seen(stats: &CallStats) -> Self {
        assert_eq!((stats.timeout, stats.in_flight), (0, 0), "{stats:?}");
        Self {
            ok: stats.ok,
            error: stats.error,
            panic: stats.panic,
            cancelled: stats.cancelled,
            records: stats.records,
        }
    }
}

/// By function: `plain`, `outer`, `rows`, `panics`, `steps`.
type All = [Did; 5];
const FUNCTIONS: [&str; 5] = ["plain", "outer", "rows", "panics", "steps"];

fn act(n: u64, did: &mut All) {
    let [plains, outers, with_rows, panicking, futures] = did;
    match n % 1000 {
        0 => match catch_unwind(|| panics(n)) {
            Ok(()) => panicking.ok += 1,
            Err(_) => panicking.panic += 1,
        },
        1..200 => {
            let mut future: Boxed<_> = Box::pin(steps(n));
            assert!(poll(&mut future).is_pending());
            let place = &BEGUN[(n % 64) as usize];
            let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
            let before = place.replace((future, n.is_multiple_of(7)));
            drop(place);
            if let Some(begun) = before {
                futures.end_begun(begun);
            }
        }
        200..400 => {
            outer(n);
            outers.ok += 1;
            plains.ok += 1;
        }
        400..600 => with_rows.end(rows(n)),
        _ => {
            plain(n);
            plains.ok += 1;
        }
    }
}

/// How many calls of a function can run at once.
fn limit(function: &str) -> u64 {
    // Those in the places, and of each thread the one that it puts there and the one that it
    // has taken out.
    let futures = 64 + 2 * THREADS;
    match function {
        "steps" => futures,
        "" => futures + THREADS,
        _ => THREADS,
    }
}

fn add(all: &mut All, more: All) {
    for (did, more) in all.iter_mut().zip(more) {
        *did += more;
    }
}

#[test]
fn job_with_64_threads() {
    if !jobs::is_job() {
        return;
    }
    // There are thousands of panics, each of which would be shown.
    let next = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.payload().downcast_ref() != Some(&EXPECTED) {
            next(info);
        }
    }));
    call_and_read();
}

fn call_and_read() {
    let acts = jobs::scale(500_000, 10_000_000) / THREADS;
    let began = Instant::now();
    let (start, ended) = (Barrier::new(THREADS as usize), AtomicBool::new(false));
    let mut did = All::default();
    act(600, &mut did);
    let seen = thread::scope(|scope| {
        let readers = [(); 2].map(|()| {
            scope.spawn(|| {
                let mut watch = Watch::default();
                watch.until(&ended, STAGE, limit);
                watch.seen
            })
        });
        let ends = Ends(&ended);
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let start = &start;
                scope.spawn(move || {
                    let mut did = All::default();
                    start.wait();
                    (0..acts).for_each(|n| act(n + thread * 31, &mut did));
                    did
                })
            })
            .collect();
        let did_all = threads.into_iter().map(ScopedJoinHandle::join);
        let did_all: Vec<_> = did_all.collect();
        drop(ends);
        for more in did_all {
            add(&mut did, more.unwrap());
        }
        readers.map(|reader| {
            reader
                .join()
                .unwrap_or_else(|error| panic::resume_unwind(error))
        })
    });
    for place in &BEGUN {
        if let Some(begun) = place.lock().unwrap().take() {
            did[4].end_begun(begun);
        }
    }
    let all = snapshot();
    let stats = FUNCTIONS.map(|name| function(&all, STAGE, name));
    assert_eq!(stats.each_ref().map(Did::seen), did);
    // A stage has its outermost calls: not those of `plain` that are in one of `outer`.
    let mut outermost = Did::default();
    did.into_iter().for_each(|did| outermost += did);
    outermost.ok -= did[1].ok;
    assert_eq!(Did::seen(&all.stage(STAGE).unwrap().totals), outermost);
    let calls: u64 = stats.iter().map(CallStats::calls).sum();
    let took = began.elapsed();
    eprintln!("{calls} calls of {THREADS} threads and {seen:?} snapshots in {took:?}");
    assert!(seen.iter().all(|seen| *seen > 1), "nobody read meanwhile");
}

#[test]
fn calls_of_64_threads_are_counted_once_and_no_number_falls_meanwhile() {
    jobs::pass("many_threads::job_with_64_threads");
}
