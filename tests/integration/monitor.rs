//! The guard of a run, and the application's own `tracing` events beside it.

use monitor_runtime::{Monitor, json, log_event, monitored, save_metrics};
use serde_json::Value;
use tracing::Instrument;

use crate::support::{Finished, JOB_LOGS, Job};

#[monitored(stage = "NBA-17", event = "OUTER")]
async fn outer() {
    tracing::info!(season = "2023-24", pages = 3, "pages found");
    tracing::debug!("kept from the log by the default filter");
    let inner = async {
        tracing::warn!("in a task that follows the span");
        log_event("BY_HAND", json!({}));
    };
    tokio::spawn(inner.in_current_span()).await.unwrap();
    tokio::spawn(async { tracing::info!("in a task of its own") })
        .await
        .unwrap();
}

#[test]
fn job_with_events() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let _monitor = Monitor::builder()
        .name("nba_pipeline")
        .logs(logs)
        .install()
        .unwrap();
    tracing::info!("before any stage");
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    runtime.block_on(outer());
}

fn lines(job: &Finished) -> Vec<Value> {
    job.logs
        .lines()
        .filter(|line| line.starts_with("{\"timestamp\""))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn the_applications_events_are_in_the_log_with_their_stage() {
    let job = Job::new("monitor::job_with_events", [("NO_COLOR", "1")]).finish();
    assert!(job.success, "{}", job.output);
    let lines = lines(&job);
    let find = |message: &str| {
        let found = lines.iter().find(|line| line["message"] == message);
        found.unwrap_or_else(|| panic!("{message} in {job:#?}"))
    };
    let event = find("pages found");
    assert_eq!(event["event_type"], "log.event");
    assert_eq!(
        (&event["stage"], &event["function"]),
        (&json!("NBA-17"), &json!("outer"))
    );
    assert_eq!(event["data"]["season"], "2023-24");
    assert_eq!(event["data"]["pages"], 3);
    assert_eq!(find("before any stage")["stage"], Value::Null);
    assert_eq!(find("in a task that follows the span")["stage"], "NBA-17");
    assert_eq!(find("in a task of its own")["stage"], Value::Null);
    let by_hand = lines
        .iter()
        .find(|line| line["event_type"] == "BY_HAND")
        .unwrap();
    assert_eq!(by_hand["span_id"], event["span_id"]);
    assert!(!job.logs.contains("kept from the log"));
    assert!(
        job.output
            .contains("INFO  NBA-17 pages found season=2023-24 pages=3"),
        "{}",
        job.output
    );
}

#[test]
fn rust_log_filters_console_and_events_but_no_stage_line() {
    let filter = [("RUST_LOG", "error,integration::monitor=warn")];
    let job = Job::new("monitor::job_with_events", filter).finish();
    let has = |text: &str| job.logs.contains(text);
    assert!(!has("pages found"));
    let lines = lines(&job);
    let event = lines
        .iter()
        .find(|line| line["message"] == "in a task that follows the span");
    assert_eq!(
        event.unwrap()["stage"],
        "NBA-17",
        "the filter keeps no stage from a task"
    );
    assert!(has("OUTER_START") && has("OUTER_END"));
    assert!(!job.output.contains("OUTER_END"), "{}", job.output);
}

#[monitored(stage = "NBA-18")]
fn unmonitored() {}

#[test]
fn job_with_a_dropped_guard() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let builder = || Monitor::builder().logs(&logs);
    let first = builder().install().unwrap();
    let second = builder().install().unwrap_err();
    eprintln!("second: {second}");
    drop(first);
    unmonitored();
    unmonitored();
}

#[test]
fn a_guard_dropped_too_early_is_named_once_and_a_second_one_is_refused() {
    let job = Job::new("monitor::job_with_a_dropped_guard", [("NO_COLOR", "1")]).finish();
    assert!(job.success, "{}", job.output);
    assert_eq!(
        job.output.matches("`unmonitored` runs unmonitored").count(),
        1,
        "{}",
        job.output
    );
    assert!(job.output.contains("let _monitor = "));
    assert!(
        job.output
            .contains("second: the monitor cannot start: a monitor is installed already")
    );
}

#[monitored(stage = "NBA-17", event = "CALLING", alert = "critical")]
fn call_api() -> Result<(), String> {
    let key = std::env::var("NBA_API_KEY").unwrap_or_default();
    Err(format!(
        "the API refused the key {key} at https://api.example/v1?key=of-the-url"
    ))
}

#[test]
fn job_with_secrets() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let _monitor = Monitor::builder().logs(logs).install().unwrap();
    assert!(
        call_api().unwrap_err().contains("of-the-url"),
        "the caller's error is whole"
    );
}

#[test]
fn secrets_in_error_texts_are_masked_before_any_sink() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("monitor.toml");
    std::fs::write(&config, "[pipeline]\nredact = [\"NBA_API_KEY\"]\n").unwrap();
    let variables = [
        ("NBA_API_KEY", "k33p-me-out".into()),
        ("MONITOR_CONFIG", config.into_os_string()),
    ];
    let job = Job::new("monitor::job_with_secrets", variables).finish();
    assert!(job.success, "{}", job.output);
    assert!(
        job.logs
            .contains("the API refused the key *** at https://api.example/v1?***")
    );
    job.assert_hidden(&["k33p-me-out", "of-the-url"]);
}

#[test]
fn job_that_saves_metrics_from_many_threads() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let monitor = Monitor::builder().logs(logs).install().unwrap();
    let path = monitor.paths().metrics().to_owned();
    save_metrics().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..300).for_each(|_| save_metrics().unwrap()));
        }
        for _ in 0..300 {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(serde_json::from_str::<Vec<Value>>(&text).is_ok(), "{text}");
        }
    });
}

/// Regression: two writers shared one temporary file, and a reader saw half of one.
#[test]
fn a_reader_of_metrics_always_sees_a_whole_file() {
    let name = "monitor::job_that_saves_metrics_from_many_threads";
    let job = Job::new(name, [("NO_COLOR", "1")]).finish();
    assert!(job.success, "{}", job.output);
}
