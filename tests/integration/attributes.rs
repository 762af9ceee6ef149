//! What `#[monitored]` records of a call, alone and together with `#[retry]`.

use std::cell::Cell;
use std::future::{self, Future};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use monitor_runtime::{log_error, log_event, monitored, retry, testing};
use serde_json::json;

type Alias<T> = Result<T, std::num::ParseIntError>;

#[monitored(stage = "NBA-17", event = "PARSING", records = |rows| rows.len(), fields(text, factor = 2))]
fn parse(text: String) -> Alias<Vec<u32>> {
    text.into_bytes()
        .split(|&byte| byte == b',')
        .map(number)
        .collect()
}

fn number(bytes: &[u8]) -> Alias<u32> {
    String::from_utf8_lossy(bytes).parse()
}

#[test]
fn a_call_leaves_a_start_and_an_end_with_what_was_measured_and_named() {
    let run = testing::capture();
    assert_eq!(parse("1,2,3".to_owned()).unwrap(), [1, 2, 3]);
    let lines = run.lines();
    let types: Vec<_> = lines.iter().map(|line| &line["event_type"]).collect();
    assert_eq!(types, ["PARSING_START", "PARSING_END"]);
    let end = &lines[1];
    assert_eq!(end["stage"], "NBA-17");
    assert_eq!(end["function"], "parse");
    assert_eq!(end["level"], "INFO");
    assert_eq!(end["message"], "Pipeline Event");
    assert_eq!(end["data"]["records"], 3);
    assert_eq!(end["data"]["text"], "1,2,3");
    assert_eq!(end["data"]["factor"], 2);
    assert!(end["data"]["duration"].as_f64().unwrap() > 0.0);
    assert_eq!(lines[0]["span_id"], end["span_id"]);
    assert_eq!(lines[0]["data"], json!({"text": "1,2,3", "factor": 2}));
}

#[test]
fn an_error_behind_an_alias_is_an_error() {
    let run = testing::capture();
    let error = parse("1,x".to_owned()).unwrap_err();
    let line = &run.events("PARSING_ERROR")[0];
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["message"], "Pipeline Error");
    assert_eq!(line["error"], error.to_string());
    assert_eq!(line["error_chain"], json!([]));
    assert_eq!(line["context"]["text"], "1,x");
    let totals = &run.snapshot().stages[0].totals;
    assert_eq!((totals.error, totals.records), (1, 0));
    assert_eq!(totals.error_rate(), 1.0);
}

#[test]
fn a_panic_passes_through_and_is_recorded_with_its_place() {
    #[monitored(stage = "NBA-17")]
    fn fall(step: u32) -> u32 {
        assert!(step < 3, "step {step} is missing");
        step
    }

    let run = testing::capture();
    let payload = catch_unwind(AssertUnwindSafe(|| fall(3))).unwrap_err();
    assert_eq!(*payload.downcast::<String>().unwrap(), "step 3 is missing");
    let line = &run.events("FALL_ERROR")[0];
    assert_eq!(line["data"]["outcome"], "panic");
    let text = line["error"].as_str().unwrap();
    assert!(text.starts_with("panicked at "), "{text}");
    assert!(text.contains("attributes.rs:"), "{text}");
    assert!(text.ends_with(": step 3 is missing"), "{text}");
    let totals = &run.snapshot().stages[0].totals;
    assert_eq!((totals.panic, totals.in_flight), (1, 0));
}

#[monitored(stage = "NBA-17", event = "WAITING")]
async fn wait_for_ever() {
    future::pending::<()>().await;
}

#[test]
fn a_dropped_future_is_cancelled() {
    let run = testing::capture();
    {
        let mut call = pin!(wait_for_ever());
        let mut context = Context::from_waker(Waker::noop());
        assert!(call.as_mut().poll(&mut context).is_pending());
        assert_eq!(run.snapshot().stages[0].totals.in_flight, 1);
    }
    assert_eq!(run.events("WAITING_CANCELLED").len(), 1);
    let totals = &run.snapshot().stages[0].totals;
    assert_eq!((totals.cancelled, totals.in_flight), (1, 0));
}

#[test]
fn a_future_dropped_while_something_else_unwinds_is_cancelled() {
    let run = testing::capture();
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        let mut call = Box::pin(wait_for_ever());
        let mut context = Context::from_waker(Waker::noop());
        assert!(call.as_mut().poll(&mut context).is_pending());
        panic!("elsewhere");
    }));
    assert!(unwound.is_err());
    let totals = &run.snapshot().stages[0].totals;
    assert_eq!((totals.cancelled, totals.panic), (1, 0));
}

#[tokio::test]
async fn a_panic_inside_a_poll_is_a_panic() {
    #[monitored(stage = "NBA-17")]
    async fn fall() {
        tokio::task::yield_now().await;
        panic!("in a poll");
    }

    let run = testing::capture();
    let task = tokio::spawn(fall());
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(run.snapshot().stages[0].totals.panic, 1);
    assert_eq!(run.events("FALL_ERROR")[0]["data"]["outcome"], "panic");
}

#[test]
fn option_and_plain_values_are_ok() {
    #[monitored(stage = "NBA-18")]
    fn absent() -> Option<u8> {
        None
    }
    #[monitored(stage = "NBA-18", records = |n| *n)]
    fn plain() -> u8 {
        7
    }

    let run = testing::capture();
    assert_eq!((absent(), plain()), (None, 7));
    let totals = &run.snapshot().stages[0].totals;
    assert_eq!((totals.ok, totals.records), (2, 7));
}

struct Loader {
    rows: Vec<u32>,
}

impl Loader {
    #[monitored(stage = "NBA-19", records = |_| 1_u8)]
    fn last(&mut self) -> &mut u32 {
        self.rows.push(0);
        let last = self.rows.len() - 1;
        &mut self.rows[last]
    }

    #[monitored(stage = "NBA-19", event = "FINISHING", records = |rows| rows.len())]
    async fn finish(self) -> Vec<u32> {
        tokio::task::yield_now().await;
        self.rows
    }
}

#[tokio::test]
async fn methods_keep_what_they_borrow_and_return() {
    let run = testing::capture();
    let mut loader = Loader { rows: vec![1] };
    *loader.last() = 5;
    assert_eq!(loader.finish().await, [1, 5]);
    let totals = &run.snapshot().stages[0].totals;
    assert_eq!((totals.ok, totals.records), (2, 3));
}

#[monitored(stage = "NBA-17", event = "OUTER", records = |n| *n)]
fn outer(depth: u64) -> u64 {
    if depth == 0 {
        10
    } else {
        outer(depth - 1) + other()
    }
}

#[monitored(stage = "NBA-18", event = "OTHER")]
fn other() -> u64 {
    1
}

#[test]
fn a_stage_counts_its_outermost_calls_and_each_function_all_of_its() {
    let run = testing::capture();
    assert_eq!(outer(2), 12);
    let snapshot = run.snapshot();
    let stage = snapshot.stage("NBA-17").unwrap();
    assert_eq!((stage.totals.calls(), stage.totals.records), (1, 12));
    assert_eq!(stage.functions[0].stats.calls(), 3);
    assert_eq!(snapshot.stage("NBA-18").unwrap().totals.calls(), 2);
    let starts = run.events("OUTER_START");
    assert_eq!(starts[1]["parent_span_id"], starts[0]["span_id"]);
}

#[test]
fn level_off_keeps_quiet_but_counts_and_reports_errors() {
    #[monitored(stage = "NBA-20", event = "QUIET", level = "off")]
    fn quiet(fail: bool) -> Result<(), &'static str> {
        if fail { Err("loud") } else { Ok(()) }
    }

    let run = testing::capture();
    assert!(quiet(false).is_ok());
    assert!(quiet(true).is_err());
    assert_eq!(run.lines().len(), 1);
    assert_eq!(run.events("QUIET_ERROR")[0]["error"], "loud");
    assert_eq!(run.snapshot().stages[0].totals.calls(), 2);
}

thread_local! {
    static FAILURES: Cell<u32> = const { Cell::new(0) };
}

/// Fails as often as the test has asked for.
fn flaky() -> Result<u32, String> {
    let left = FAILURES.get();
    if left == 0 {
        return Ok(7);
    }
    FAILURES.set(left - 1);
    Err(format!("failure {left}"))
}

#[monitored(stage = "NBA-17", event = "ONCE", alert = "critical")]
#[retry(max = 3, delay = 2)]
fn once_for_all_attempts() -> Result<u32, String> {
    flaky()
}

#[retry(max = 3, delay = 2)]
#[monitored(stage = "NBA-17", event = "EACH", alert = "warning")]
fn once_for_each_attempt() -> Result<u32, String> {
    flaky()
}

#[monitored(stage = "NBA-17", event = "ONCE", alert = "critical")]
#[retry(max = 3, delay = 2)]
async fn once_for_all_attempts_async() -> Result<u32, String> {
    flaky()
}

#[retry(max = 3, delay = 2)]
#[monitored(stage = "NBA-17", event = "EACH", alert = "warning")]
async fn once_for_each_attempt_async() -> Result<u32, String> {
    flaky()
}

fn assert_one_record(run: &testing::Capture) {
    let end = &run.events("ONCE_END")[0];
    assert_eq!(end["data"]["attempts"], 3);
    assert_eq!(end["data"]["wait"], 12.0);
    assert_eq!(run.lines().len(), 4, "start, two retries, end");
    let retry = &run.events("call.retry")[0];
    assert_eq!(
        retry["data"],
        json!({"attempt": 1, "max": 3, "goes_on": true, "wait": 4.0, "error": "failure 2"})
    );
    assert_eq!(
        (&retry["stage"], &retry["level"]),
        (&json!("NBA-17"), &json!("WARNING"))
    );
    assert_eq!(retry["span_id"], end["span_id"]);
    let totals = &run.snapshot().stages[0].totals;
    assert_eq!((totals.calls(), totals.retries), (1, 2));
    assert_eq!(totals.retry_wait, Duration::from_secs(12));
    assert!(run.alerts().is_empty());
}

fn assert_a_record_each(run: &testing::Capture) {
    let numbers: Vec<_> = run
        .events("EACH_START")
        .iter()
        .map(|line| line["data"]["attempt"].clone())
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(run.events("EACH_ERROR").len(), 2);
    assert_eq!(run.events("EACH_END").len(), 1);
    assert!(run.alerts().is_empty(), "no failure was final");
}

#[tokio::test]
async fn monitored_above_retry_is_one_record_for_the_call() {
    FAILURES.set(2);
    let run = testing::capture();
    assert_eq!(once_for_all_attempts(), Ok(7));
    assert_one_record(&run);
    drop(run);

    FAILURES.set(2);
    let run = testing::capture();
    assert_eq!(once_for_all_attempts_async().await, Ok(7));
    assert_one_record(&run);
}

#[tokio::test]
async fn monitored_below_retry_is_one_record_for_each_attempt() {
    FAILURES.set(2);
    let run = testing::capture();
    assert_eq!(once_for_each_attempt(), Ok(7));
    assert_a_record_each(&run);
    drop(run);

    FAILURES.set(2);
    let run = testing::capture();
    assert_eq!(once_for_each_attempt_async().await, Ok(7));
    assert_a_record_each(&run);
}

#[tokio::test]
async fn a_final_failure_raises_one_alert_after_the_last_attempt() {
    for (order, severity) in [("above", "CRITICAL"), ("below", "WARNING")] {
        FAILURES.set(9);
        let run = testing::capture();
        let result = match order {
            "above" => once_for_all_attempts_async().await,
            _ => once_for_each_attempt(),
        };
        assert_eq!(
            result,
            Err("failure 7".to_owned()),
            "the last error, as it is"
        );
        let alerts = run.alerts();
        assert_eq!(alerts.len(), 1, "{order}");
        assert_eq!(alerts[0]["level"], severity);
        let message = alerts[0]["message"].as_str().unwrap();
        assert_eq!(
            message,
            format!("🚨 ALERT [{severity}]: NBA-17 failed: failure 7")
        );
        assert_eq!(alerts[0]["data"]["error"], "failure 7");
        if order == "above" {
            assert_eq!(alerts[0]["data"]["attempts"], 3);
        }
    }
}

#[test]
fn lines_by_hand_carry_the_stage_they_are_written_in() {
    #[monitored(stage = "NBA-18", level = "off")]
    fn report() {
        log_event("SEASON_SKIPPED", json!({"season": "2023-24"}));
        log_error(
            &anyhow::anyhow!("inner").context("outer"),
            json!({"row": 7}),
        );
        log_error(&std::fmt::Error, json!(null));
        log_error("plain text", json!({}));
    }

    let run = testing::capture();
    report();
    log_event("OUTSIDE", json!(3));
    let lines = run.lines();
    assert_eq!(lines[0]["event_type"], "SEASON_SKIPPED");
    assert_eq!(lines[0]["stage"], "NBA-18");
    assert_eq!(lines[1]["error"], "outer");
    assert_eq!(lines[1]["error_chain"], json!(["inner"]));
    assert_eq!(lines[1]["context"], json!({"row": 7}));
    assert_eq!(lines[3]["error"], "plain text");
    assert_eq!(lines[4]["stage"], json!(null));
    assert_eq!(lines[4]["data"], json!({"value": 3}));
}
