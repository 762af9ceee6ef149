//! Counts, alerts and files that were wrong.

use std::cell::Cell;
use std::future::Future;
use std::panic::catch_unwind;
use std::task::{Context, Waker};
use std::time::Duration;

use monitor_runtime::{monitored, record_metric, retry, save_metrics, testing};

thread_local! {
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

/// Fails every first time.
fn second_time() -> Result<(), String> {
    CALLS.set(CALLS.get() + 1);
    if CALLS.get() % 2 == 1 {
        Err("first time".to_owned())
    } else {
        Ok(())
    }
}

#[retry(max = 3, delay = 2)]
#[monitored(stage = "inner", event = "ATTEMPT")]
fn each() -> Result<(), String> {
    second_time()
}

#[monitored(stage = "outer", event = "OUTER")]
fn outer() {
    each().unwrap();
}

#[test]
fn retries_around_a_monitored_call_count_for_that_call() {
    let run = testing::capture();
    outer();
    let snapshot = run.snapshot();
    assert_eq!(snapshot.stage("inner").unwrap().totals.retries, 1);
    assert_eq!(snapshot.stage("outer").unwrap().totals.retries, 0);
    assert_eq!(run.events("call.retry")[0]["stage"], "inner");
    assert!(run.events("OUTER_END")[0]["data"].get("attempts").is_none());
}

#[test]
fn retries_of_helpers_are_not_attempts_of_the_call() {
    #[retry(max = 3, delay = 2)]
    fn page() -> Result<(), String> {
        second_time()
    }
    #[monitored(stage = "pages", event = "PAGES")]
    fn pages() {
        (0..3).for_each(|_| page().unwrap());
    }
    let run = testing::capture();
    pages();
    assert_eq!(run.snapshot().stages[0].totals.retries, 3);
    assert_eq!(
        run.snapshot().stages[0].totals.retry_wait,
        Duration::from_secs(12)
    );
    assert!(run.events("PAGES_END")[0]["data"].get("attempts").is_none());
}

#[test]
fn a_panic_in_the_first_of_several_attempts_raises_its_alert() {
    #[retry(max = 3, delay = 2)]
    #[monitored(stage = "R-5", alert = "critical")]
    fn fall() -> Result<(), String> {
        panic!("at once")
    }
    let run = testing::capture();
    assert!(catch_unwind(fall).is_err());
    assert_eq!(run.alerts().len(), 1);
}

#[test]
fn huge_record_counts_do_not_overflow() {
    #[monitored(stage = "R-6", records = |_| u64::MAX)]
    fn one() {}
    #[monitored(stage = "R-6", records = |_| u64::MAX)]
    fn two() {}
    let run = testing::capture();
    one();
    one();
    two();
    assert_eq!(run.snapshot().stages[0].totals.records, u64::MAX);
}

#[test]
fn saving_metrics_in_a_captured_test_is_no_error() {
    let _run = testing::capture();
    record_metric("R-7", "rows", 1, None);
    save_metrics().unwrap();
}

#[test]
fn a_captured_future_stays_captured_in_another_thread() {
    #[monitored(stage = "R-8", event = "MOVED")]
    #[retry(max = 2, delay = 2)]
    async fn moved(turns: u32) -> Result<(), String> {
        for _ in 0..turns {
            futures_lite::future::yield_now().await;
        }
        Err("always".to_owned())
    }
    let run = testing::capture();
    let mut call = Box::pin(moved(1));
    let mut context = Context::from_waker(Waker::noop());
    assert!(call.as_mut().poll(&mut context).is_pending());
    std::thread::scope(|scope| {
        scope.spawn(|| futures_lite::future::block_on(call).unwrap_err());
    });
    assert_eq!(run.waits(), [Duration::from_secs(4)]);
    assert_eq!(run.events("MOVED_ERROR").len(), 1);
}
