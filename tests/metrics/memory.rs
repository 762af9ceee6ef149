//! Calls take no memory: functions do.

use std::thread;
use std::time::Instant;

use monitor_runtime::monitored;

use crate::futures::{Once, finish};
use crate::jobs;
use crate::watch::{function_now, outcomes, resident};

#[monitored(stage = "M-FLAT", event = "SHORT")]
fn short(n: u64) -> u64 {
    n
}

#[monitored(stage = "M-FLAT", event = "FAILS", records = |rows| *rows)]
fn fails(n: u64) -> Result<u64, &'static str> {
    if n.is_multiple_of(2) {
        Err("even")
    } else {
        Ok(n)
    }
}

#[monitored(stage = "M-FLAT", event = "FUTURE")]
async fn future() {
    Once::new().await;
}

/// A tenth are not plain calls of a sync function.
fn run(calls: u64) {
    let threads = [(); 2].map(|()| {
        thread::spawn(move || {
            for n in 0..calls / 2 {
                match n % 20 {
                    0 => drop(fails(n / 20)),
                    1 => finish(Box::pin(future())),
                    _ => drop(short(n)),
                }
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn job_with_many_calls() {
    if !jobs::is_job() {
        return;
    }
    let (warm, calls) = (100_000, jobs::scale(1_000_000, 100_000_000));
    run(warm);
    let (before, began) = (resident(), Instant::now());
    run(calls);
    let (after, took) = (resident(), began.elapsed());
    eprintln!("{calls} calls, {before:?} KiB and {after:?} KiB, {took:?}");
    let all = warm + calls;
    let few = all / 20;
    assert_eq!(outcomes(&function_now("M-FLAT", "short"))[0], all - 2 * few);
    assert_eq!(outcomes(&function_now("M-FLAT", "future"))[0], few);
    assert_eq!(
        outcomes(&function_now("M-FLAT", "fails"))[..2],
        [few / 2; 2]
    );
    if let (Some(before), Some(after)) = (before, after) {
        // A bit for each call would be 120 KiB for a million, 12 MiB for a hundred.
        assert!(after < before + 1024, "{before} KiB to {after} KiB");
    }
}

#[test]
fn memory_stays_what_it_is_however_many_calls_there_are() {
    jobs::pass("memory::job_with_many_calls");
}
