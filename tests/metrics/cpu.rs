//! CPU time: what a call used, not how long it took.

use std::fs;
use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use monitor_runtime::monitored;

use crate::futures::{Once, finish, poll};
use crate::watch::function_now;

/// CPU time of this thread, as the scheduler has it: to a few milliseconds.
fn used() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos = text.split_ascii_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}

/// Works until the thread has used so much, whatever else the machine does meanwhile.
fn work(time: Duration) -> bool {
    let Some(before) = used() else {
        return false;
    };
    while used().is_some_and(|now| now - before < time) {
        for n in 0..10_000 {
            black_box(n);
        }
    }
    true
}

const LONG: Duration = Duration::from_millis(60);

#[monitored(stage = "M-CPU", event = "BUSY")]
fn busy() -> bool {
    work(LONG)
}

#[monitored(stage = "M-CPU", event = "SLEEPY")]
fn sleepy() {
    thread::sleep(LONG);
}

#[monitored(stage = "M-CPU", event = "SHORT")]
fn short(n: u64) -> u64 {
    black_box(n)
}

/// Works in its first poll.
#[monitored(stage = "M-CPU", event = "FUTURE")]
async fn future() -> bool {
    let is_known = work(LONG);
    Once::new().await;
    is_known
}

#[test]
fn a_busy_call_uses_the_cpu_and_a_sleeping_one_does_not() {
    if !busy() {
        eprintln!("SKIPPED: no /proc/thread-self/schedstat");
        return;
    }
    let stats = function_now("M-CPU", "busy");
    let cpu = stats.cpu_time.unwrap();
    assert!(!stats.cpu_is_estimate);
    assert!(
        cpu >= LONG / 2 && cpu <= stats.duration.total(),
        "{stats:?}"
    );
    sleepy();
    let stats = function_now("M-CPU", "sleepy");
    let cpu = stats.cpu_time.unwrap();
    assert!(!stats.cpu_is_estimate);
    assert!(
        stats.duration.total() >= LONG * 9 / 10 && cpu < LONG / 2,
        "{stats:?}"
    );
}

#[test]
fn a_futures_cpu_time_is_that_of_the_threads_that_polled_it() {
    let mut call = Box::pin(future()) as _;
    if poll::<bool>(&mut call).is_ready() {
        unreachable!("it waits once");
    }
    // Neither what this thread does between the polls nor what the other has done before.
    work(LONG);
    let began = Instant::now();
    thread::sleep(LONG);
    let between = began.elapsed();
    let other = thread::spawn(move || {
        work(LONG);
        finish(call)
    });
    if other.join().unwrap() {
        let stats = function_now("M-CPU", "future");
        let cpu = stats.cpu_time.unwrap();
        assert!(!stats.cpu_is_estimate);
        assert!(cpu >= LONG / 2 && cpu < LONG * 3 / 2, "{stats:?}");
        assert!(cpu <= stats.busy, "{stats:?}");
        assert!(stats.busy + between * 9 / 10 <= stats.duration.total());
    }
}

#[test]
fn of_short_calls_it_is_an_estimate_within_the_time_they_were_busy() {
    for n in 0..20_000 {
        short(n);
    }
    let stats = function_now("M-CPU", "short");
    if let Some(cpu) = stats.cpu_time {
        assert!(stats.cpu_is_estimate, "{stats:?}");
        assert!(cpu <= stats.busy, "{stats:?}");
    }
    assert_eq!(stats.busy, stats.duration.total());
}
