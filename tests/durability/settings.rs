//! What monitor.toml, the builder and the environment say of the log.

use std::path::Path;
use std::{env, fs};

use monitor_runtime::{LogMode, Monitor, json, log_event};
use serde_json::Value;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::log_file::{of_type, parse, read};
use crate::told::{LOGS, Told, job};

/// The lines and the console of a program that logs a number and two events of `tracing`.
fn told(settings: &str, before: &str) -> (Vec<Value>, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut told = Told::start_as(folder.path(), settings, before).unwrap();
    told.does("log 1 5000");
    told.does("event");
    let ended = told.ends_well();
    (read(&folder.path().join("pipeline.json")), ended.stderr)
}

fn messages(lines: &[Value]) -> Vec<&str> {
    let events = of_type(lines, "log.event");
    events
        .iter()
        .map(|line| line["message"].as_str().unwrap())
        .collect()
}

#[test]
fn the_first_line_of_a_run_tells_how_the_log_is_written_and_the_last_what_became_of_it() {
    let settings = "mode = \"batched\"\nsync_every = \"2s\"\nrotate_at = \"1 MiB\"\nkeep = 7";
    let (lines, _) = told(settings, "");
    let (start, end) = (&lines[0], lines.last().unwrap());
    assert_eq!(start["event_type"], "run.start");
    let said = |key: &str| start["data"][key].clone();
    assert_eq!(said("schema"), 1);
    assert_eq!(said("log_mode"), "batched");
    assert_eq!(
        (said("rotate_at"), said("keep")),
        (json!(1_048_576), json!(7))
    );
    assert_eq!(said("sync_every"), 2.0);
    assert_eq!(said("longest_line"), 256 * 1024);
    assert_eq!(
        (said("console"), said("filter")),
        (json!("text"), json!("info"))
    );
    assert!(Path::new(said("logs").as_str().unwrap()).is_absolute());
    assert!(said("pid").is_u64() && said("host").is_string());
    assert_eq!(end["event_type"], "run.end");
    assert_eq!(end["data"]["outcome"], "ok");
    assert_eq!(end["data"]["lines"], lines.len() as u64);
    assert_eq!(end["data"]["lost"], 0);
    assert!(end["data"]["duration"].is_f64());
    assert!(lines.iter().all(|line| line["run_id"] == start["run_id"]));
}

#[test]
fn without_settings_each_line_is_written_at_once_into_one_file() {
    let (lines, console) = told("", "");
    assert_eq!(lines[0]["data"]["log_mode"], "direct");
    for key in ["rotate_at", "keep", "sync_every"] {
        assert_eq!(lines[0]["data"].get(key), None, "{key}");
    }
    assert!(console.contains("INFO"), "{console}");
    assert_eq!(messages(&lines), ["an event"]);
}

#[test]
fn a_line_has_at_most_the_length_that_is_set() {
    let (lines, _) = told("longest_line = \"2 KiB\"", "");
    let number = of_type(&lines, "NUMBER")[0];
    assert!(number.to_string().len() <= 2048, "{number}");
    assert!(
        number["original_length"].as_u64().unwrap() > 5000,
        "{number}"
    );
}

#[test]
fn the_console_shows_the_lines_of_the_file_or_nothing() {
    let (lines, console) = told("console = \"json\"", "");
    assert_eq!(parse(console.as_bytes()), lines);
    let (lines, console) = told("console = \"off\"", "");
    assert_eq!((lines.len(), console.as_str()), (4, ""));
}

#[test]
fn the_filter_of_the_environment_comes_before_that_of_the_file() {
    let both = ["an event", "a small event"];
    assert_eq!(messages(&told("filter = \"debug\"", "").0), both);
    assert_eq!(messages(&told("filter = \"off\"", "").0), [""; 0]);
    assert_eq!(
        messages(&told("filter = \"error\"", "export RUST_LOG=debug").0),
        both
    );
    assert_eq!(
        messages(&told("filter = \"debug\"", "export RUST_LOG=error").0),
        [""; 0]
    );
    // One that says nothing does not count.
    assert_eq!(
        messages(&told("filter = \"debug\"", "export RUST_LOG=' '").0),
        both
    );
    // Of the library's own lines, the file has all.
    let (lines, console) = told("filter = \"off\"", "");
    assert_eq!((lines.len(), console.as_str()), (3, ""));
}

#[test]
fn a_wrong_setting_is_an_error_of_the_start() {
    for (settings, words) in [
        ("filter = \"my_crate=loud\"", "`filter` in [log]"),
        ("mode = \"bached\"", "did you mean `batched`?"),
        ("console = \"jsno\"", "did you mean `json`?"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let refused = Told::start_as(folder.path(), settings, "").map(drop);
        let refused = refused.unwrap_err();
        assert!(
            refused.starts_with("refused: the monitor cannot start:"),
            "{refused}"
        );
        assert!(refused.contains(words), "{refused}");
    }
}

#[test]
fn job_with_a_builder() {
    let Some(logs) = env::var_os(LOGS) else {
        return;
    };
    let builder = || Monitor::builder().name("builder").logs(&logs);
    let monitor = builder()
        .log_mode(LogMode::Direct)
        .rotate_at(9_000_000, 3)
        .longest_line(3000)
        .console_json()
        .install()
        .unwrap();
    let second = builder().install().unwrap_err();
    log_event(
        "SECOND",
        json!({"error": second.to_string(), "pad": "x".repeat(5000)}),
    );
    monitor.finish();
    // The place is free again.
    builder().install().unwrap().finish();
}

#[test]
fn the_builder_comes_before_the_file_and_a_second_monitor_is_an_error_value() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("monitor.toml");
    let settings = "mode = \"batched\"\nrotate_at = \"1 MiB\"\nkeep = 1\nlongest_line = \"2 KiB\"\nconsole = \"off\"";
    fs::write(&config, format!("[log]\n{settings}\n")).unwrap();
    let mut job = job("settings::job_with_a_builder", folder.path());
    let output = job.env("MONITOR_CONFIG", &config).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = read(&folder.path().join("pipeline.json"));
    let starts = of_type(&lines, "run.start");
    let said = |key: &str| {
        [
            starts[0]["data"][key].clone(),
            starts[1]["data"][key].clone(),
        ]
    };
    assert_eq!(said("log_mode"), ["direct", "batched"]);
    assert_eq!(said("rotate_at"), [9_000_000, 1_048_576]);
    assert_eq!(said("keep"), [3, 1]);
    let second = of_type(&lines, "SECOND")[0];
    assert!(second.to_string().len() > 2048, "{second}");
    let error = second["data"]["error"].as_str().unwrap();
    assert!(error.contains("a monitor is installed already"), "{error}");
    assert_ne!(starts[0]["run_id"], starts[1]["run_id"]);
    // The console shows the first of the runs only.
    let console = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        console.matches("\"event_type\":\"run.end\"").count(),
        1,
        "{console}"
    );
}

#[test]
fn job_with_a_subscriber_of_its_own() {
    let Some(logs) = env::var_os(LOGS) else {
        return;
    };
    tracing_subscriber::registry()
        .with(monitor_runtime::layer())
        .init();
    tracing::info!("before the monitor");
    let monitor = Monitor::builder()
        .name("foreign")
        .logs(logs)
        .install()
        .unwrap();
    let span = tracing::info_span!("ingestion", season = "2023-24");
    span.in_scope(|| tracing::info!(pages = 3, "within"));
    tracing::debug!("small");
    monitor.finish();
    tracing::info!("after the monitor");
}

#[test]
fn the_layer_works_in_a_subscriber_of_the_applications_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut job = job("settings::job_with_a_subscriber_of_its_own", folder.path());
    let output = job.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = read(&folder.path().join("pipeline.json"));
    assert_eq!(messages(&lines), ["within"]);
    let event = of_type(&lines, "log.event")[0];
    assert_eq!(event["data"]["pages"], 3);
    assert_eq!(event["data"]["spans"][0]["season"], "2023-24");
}
