//! Calls at the end of a thread, and calls that a thread begins and another one ends.

use std::cell::Cell;
use std::panic::catch_unwind;
use std::process;
use std::sync::mpsc;
use std::thread;

use monitor_runtime::monitored;

use crate::futures::{Boxed, Once, finish, poll};
use crate::jobs;
use crate::watch::{function_now, outcomes, stage_now};

#[monitored(stage = "M-END", event = "AT_END")]
fn at_end(fails: bool) -> Result<(), String> {
    if fails {
        return Err("at the end".to_owned());
    }
    Ok(())
}

struct CallsAtItsEnd;

impl Drop for CallsAtItsEnd {
    fn drop(&mut self) {
        assert_eq!(at_end(false), Ok(()));
        assert!(at_end(true).is_err());
    }
}

thread_local! {
    static FIRST: CallsAtItsEnd = const { CallsAtItsEnd };
    static LAST: CallsAtItsEnd = const { CallsAtItsEnd };
}

#[test]
fn calls_of_destructors_are_counted_before_and_after_the_counters_of_the_thread_are_gone() {
    let threads = 50;
    for _ in 0..threads {
        let thread = thread::spawn(|| {
            // Destructors run in the opposite order, as a rule: the counters of the thread
            // come between both.
            FIRST.with(|_| ());
            at_end(false).unwrap();
            LAST.with(|_| ());
        });
        thread.join().unwrap();
    }
    let stats = function_now("M-END", "at_end");
    assert_eq!(outcomes(&stats), [3 * threads, 2 * threads, 0, 0, 0, 0]);
    assert_eq!(outcomes(&stage_now("M-END")), outcomes(&stats));
}

#[monitored(stage = "M-MOVES", event = "MOVES", records = |rows| *rows)]
async fn moves(n: u64) -> Result<u64, String> {
    for _ in 0..n {
        Once::new().await;
    }
    Ok(n)
}

#[test]
fn a_future_that_ends_in_another_thread_is_one_call() {
    let (sender, receiver) = mpsc::channel::<Boxed<_>>();
    let second = thread::spawn(move || {
        let mut rows = 0;
        for (n, mut call) in receiver.into_iter().enumerate() {
            // Every third is dropped here, before or after a poll in this thread.
            if n % 3 != 0 {
                rows += finish::<Result<u64, String>>(call).unwrap();
            } else if n % 2 == 0 {
                assert!(poll(&mut call).is_pending());
            }
        }
        rows
    });
    let first = thread::spawn(move || {
        for n in 0..300 {
            let mut call: Boxed<_> = Box::pin(moves(2 + n % 2));
            assert!(poll(&mut call).is_pending());
            sender.send(call).unwrap();
        }
    });
    // The thread that they began in has ended, some time.
    first.join().unwrap();
    let rows = second.join().unwrap();
    let stats = stage_now("M-MOVES");
    assert_eq!(outcomes(&stats), [200, 0, 0, 0, 100, 0]);
    assert_eq!(stats.records, rows);
}

#[monitored(stage = "M-FLIES", event = "FLIES")]
async fn flies() {
    Once::new().await;
}

#[test]
fn a_call_is_in_flight_until_it_ends_whatever_its_thread_does() {
    let begin = || {
        let mut call: Boxed<_> = Box::pin(flies());
        assert!(poll(&mut call).is_pending());
        call
    };
    let calls: Vec<_> = (0..5)
        .map(|_| thread::spawn(begin).join().unwrap())
        .collect();
    let mut calls = calls.into_iter();
    for ended in 0..5 {
        assert_eq!(
            outcomes(&stage_now("M-FLIES")),
            [ended, 0, 0, 0, 0, 5 - ended]
        );
        let call = calls.next().unwrap();
        thread::spawn(|| finish(call)).join().unwrap();
    }
    // One that was never polled is no call.
    drop(flies());
    assert_eq!(outcomes(&stage_now("M-FLIES")), [5, 0, 0, 0, 0, 0]);
}

#[monitored(stage = "M-DEEP", event = "DEEP", records = |rows| *rows)]
fn deep(n: u64) -> Result<u64, String> {
    if n == 0 { Ok(1) } else { deep(n - 1) }
}

#[test]
fn a_recursion_is_one_call_of_its_stage_and_many_of_the_function() {
    assert_eq!(deep(99), Ok(1));
    assert_eq!(
        outcomes(&function_now("M-DEEP", "deep")),
        [100, 0, 0, 0, 0, 0]
    );
    let stage = stage_now("M-DEEP");
    assert_eq!(outcomes(&stage), [1, 0, 0, 0, 0, 0]);
    assert_eq!(stage.records, 1);
}

#[monitored(stage = "M-PANIC", event = "OUTSIDE")]
fn outside(catches: bool) -> u64 {
    if catches {
        return catch_unwind(inside).unwrap_or(7);
    }
    inside()
}

#[monitored(stage = "M-PANIC", event = "INSIDE")]
fn inside() -> u64 {
    panic!("inside, as it should");
}

#[test]
fn a_panic_in_a_nested_call_ends_all_calls_that_it_leaves() {
    assert_eq!(outside(true), 7);
    assert!(catch_unwind(|| outside(false)).is_err());
    let outer = function_now("M-PANIC", "outside");
    assert_eq!(outcomes(&outer), [1, 0, 1, 0, 0, 0]);
    let inner = function_now("M-PANIC", "inside");
    assert_eq!(outcomes(&inner), [0, 0, 2, 0, 0, 0]);
    // Inside of a call of the stage: not outermost.
    assert_eq!(outcomes(&stage_now("M-PANIC")), [1, 0, 1, 0, 0, 0]);
    // And what comes next is outermost again.
    assert!(catch_unwind(inside).is_err());
    assert_eq!(outcomes(&stage_now("M-PANIC")), [1, 0, 2, 0, 0, 0]);
}

#[monitored(stage = "M-EXIT", event = "COUNTED")]
fn counted() {}

#[monitored(stage = "M-EXIT-2", event = "LEAVES")]
fn leaves() {
    process::exit(7);
}

#[monitored(stage = "M-EXIT-3", event = "RUNS_ON")]
fn runs_on(began: &mpsc::Sender<()>) {
    began.send(()).unwrap();
    loop {
        thread::park();
    }
}

/// Says what was counted, when its thread is at its end.
struct Tells(Cell<bool>);

impl Drop for Tells {
    fn drop(&mut self) {
        if self.0.get() {
            let all = ["M-EXIT", "M-EXIT-2", "M-EXIT-3"].map(|stage| outcomes(&stage_now(stage)));
            eprintln!("TOLD {all:?}");
        }
    }
}

thread_local! {
    static TELLS: Tells = const { Tells(Cell::new(false)) };
}

#[test]
fn job_that_exits_within_a_call() {
    if !jobs::is_job() {
        return;
    }
    // Before the counters of the thread, so that it is gone after them.
    TELLS.with(|tells| tells.0.set(true));
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        (0..10).for_each(|_| counted());
        runs_on(&sender);
    });
    receiver.recv().unwrap();
    (0..5).for_each(|_| counted());
    leaves();
}

/// The threads that run are cut off where they are; calls in them do not end.
#[cfg(target_os = "linux")]
#[test]
fn an_exit_within_a_call_loses_nothing_and_ends_nothing() {
    let output = jobs::run("threads_end::job_that_exits_within_a_call");
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(7), "{text}");
    let told = text.lines().find_map(|line| line.split_once("TOLD "));
    let expected = "[[15, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 1]]";
    assert_eq!(told.map(|(_, told)| told), Some(expected), "{text}");
}
