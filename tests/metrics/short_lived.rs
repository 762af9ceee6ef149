//! Threads that end at once: they leave what they counted, and nothing else.

use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Instant;

use monitor_runtime::{monitored, snapshot};

use crate::jobs;
use crate::watch::{Ends, Watch, function, outcomes, resident};

const STAGE: &str = "M-SHORT";
/// How many live at once.
const AT_ONCE: u64 = 8;

#[monitored(stage = "M-SHORT", event = "OUTER", records = |rows| *rows)]
fn outer(n: u64) -> Result<u64, String> {
    inner();
    if n.is_multiple_of(3) {
        return Err("of three".to_owned());
    }
    Ok(2)
}

#[monitored(stage = "M-SHORT", event = "INNER")]
fn inner() {}

/// So many threads with two calls of `outer` each, of which a third fail.
fn run(threads: u64) {
    for first in (0..threads).step_by(AT_ONCE as usize) {
        let now = first..(first + AT_ONCE).min(threads);
        let now: Vec<_> = now
            .map(|n| {
                thread::spawn(move || {
                    let _ = outer(n);
                    let _ = outer(n + 1);
                })
            })
            .collect();
        now.into_iter().for_each(|thread| thread.join().unwrap());
    }
}

#[test]
fn job_with_many_threads() {
    if !jobs::is_job() {
        return;
    }
    let warm = 300;
    let threads = jobs::scale(6_000, 100_000) / warm * warm;
    let began = Instant::now();
    run(warm);
    let ended = AtomicBool::new(false);
    let (before, after, seen) = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut watch = Watch::default();
            watch.until(&ended, STAGE, |_| AT_ONCE);
            watch.seen
        });
        let ends = Ends(&ended);
        // With as many readers as later.
        run(warm);
        let before = resident();
        run(threads);
        let after = resident();
        drop(ends);
        (before, after, reader.join().unwrap())
    });
    let all = snapshot();
    let calls = 2 * (threads + 2 * warm);
    let outer = function(&all, STAGE, "outer");
    assert_eq!(outcomes(&outer), [calls / 3 * 2, calls / 3, 0, 0, 0, 0]);
    assert_eq!(outer.records, calls / 3 * 2 * 2);
    let inner = function(&all, STAGE, "inner");
    assert_eq!(outcomes(&inner), [calls, 0, 0, 0, 0, 0]);
    let took = began.elapsed();
    eprintln!("{threads} threads, {seen} snapshots, {before:?} and {after:?} KiB, {took:?}");
    if let (Some(before), Some(after)) = (before, after) {
        // What a thread counts takes some 2 KiB of these two functions; so much, of 6,000
        // threads, would be 12 MiB.
        assert!(after < before + 4 * 1024, "{before} KiB to {after} KiB");
    }
    assert!(seen > 1, "nobody read meanwhile");
}

#[test]
fn threads_that_end_lose_nothing_and_leave_nothing_behind() {
    jobs::pass("short_lived::job_with_many_threads");
}
