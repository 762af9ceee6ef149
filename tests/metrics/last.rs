//! When a function last succeeded, how it last failed, and how long its futures were busy.

use std::thread;
use std::time::{Duration, SystemTime};

use monitor_runtime::monitored;

use crate::futures::{Once, finish, poll};
use crate::watch::{function_now, stage_now};

#[monitored(stage = "M-LAST", event = "MAYBE")]
fn maybe(fails: Option<&str>) -> Result<(), String> {
    fails.map_or(Ok(()), |text| Err(text.to_owned()))
}

#[monitored(stage = "M-LAST-2", event = "WAITS")]
async fn waits() {
    Once::new().await;
}

#[test]
fn the_last_success_and_the_last_error_are_kept_apart() {
    // Two clocks are read one after the other: to what a machine may do in between.
    let close = Duration::from_millis(200);
    assert_eq!(stage_now("M-LAST").last_success, None);
    assert_eq!(maybe(Some("first")), Err("first".to_owned()));
    assert_eq!(stage_now("M-LAST").last_success, None);

    let before = SystemTime::now();
    assert_eq!(maybe(None), Ok(()));
    let stats = stage_now("M-LAST");
    let success = stats.last_success.unwrap();
    assert!(success + close >= before && success <= SystemTime::now());
    let error = stats.last_error.unwrap();
    assert_eq!(error.error, "first");
    assert!(error.at <= before);

    // A failure does not move it, a success in another thread does.
    thread::sleep(2 * close);
    assert_eq!(maybe(Some("second")), Err("second".to_owned()));
    let stats = stage_now("M-LAST");
    let still = stats.last_success.unwrap();
    assert!(still < success + close, "{success:?} {still:?}");
    assert_eq!(stats.last_error.unwrap().error, "second");
    thread::spawn(|| maybe(None)).join().unwrap().unwrap();
    let stats = function_now("M-LAST", "maybe");
    assert!(stats.last_success.unwrap() >= success + close);
    assert_eq!((stats.ok, stats.error), (2, 2));
}

#[test]
fn a_future_is_not_busy_between_its_polls() {
    let pause = Duration::from_millis(50);
    let mut call = Box::pin(waits()) as _;
    assert!(poll(&mut call).is_pending());
    thread::sleep(pause);
    finish(call);
    let stats = stage_now("M-LAST-2");
    let idle = stats.duration.total() - stats.busy;
    assert!(idle >= pause * 9 / 10, "{stats:?}");
}
