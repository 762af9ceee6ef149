//! However a program ends, its metrics are there.

use std::time::Instant;

use serde_json::json;

use crate::files::{lines, metric, names, records, stage, told, until};
use crate::program::Program;

#[test]
fn a_run_that_ends_leaves_all_numbers_in_both_files() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let mut program = Program::start(logs, "");
    for command in ["ingest", "ingest", "fail"] {
        program.does(command);
    }
    program.ends_well();
    assert_eq!(metric(logs, "NBA-17", "calls"), Some(json!(3)));
    let record = records(logs).pop().unwrap();
    let stage = stage(&record, "NBA-17");
    assert_eq!(
        (&stage["calls"], &stage["calls_error"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(stage["alert"], "critical");
    assert_eq!(stage["functions"][0]["function"], "ingest");
    let buckets = stage["processing_time"]["buckets"].as_array().unwrap();
    let counts = buckets.iter().map(|bucket| bucket[1].as_u64().unwrap());
    assert_eq!(counts.sum::<u64>(), 3);
    let in_a_second = |bucket: &serde_json::Value| bucket[0].as_f64().unwrap() < 1.0;
    assert!(buckets.iter().all(in_a_second), "{buckets:?}");
    let end = &lines(logs, "run.end")[0];
    assert_eq!(record["run_id"], end["run_id"]);
    assert_eq!(record["lines_written"], end["data"]["lines"]);
    assert_eq!(record["lines_lost"], 0);
    assert_eq!(record["by_hand"], json!([]));
    assert!(record["last_success"]["NBA-17"].is_string());
    // Neither a lock nor the beginning of a file.
    assert_eq!(names(logs).len(), 1);
}

#[test]
fn a_panic_of_main_leaves_all_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let mut program = Program::start(logs, "");
    program.does("ingest");
    program.tell("panic");
    let (status, _) = program.end();
    assert_eq!(status.code(), Some(101));
    assert_eq!(metric(logs, "NBA-17", "calls"), Some(json!(1)));
    let record = records(logs).pop().unwrap();
    assert_eq!(record["outcome"], "panic");
    assert!(
        record["error"]
            .as_str()
            .unwrap()
            .ends_with("has had enough")
    );
    assert_eq!(stage(&record, "NBA-17")["calls"], 1);
    Program::start(logs, "").ends_well();
    assert_eq!(told(logs, &record["run_id"]), (vec![], vec![]));
}

/// Nobody asks for the files: the monitor writes them by itself, and the exit takes nothing
/// away from them.
#[test]
fn an_exit_leaves_the_numbers_of_a_second_before() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let mut program = Program::start(logs, "");
    for calls in 1..=3 {
        program.does("ingest");
        let called = Instant::now();
        until("the call in the metrics", || {
            metric(logs, "NBA-17", "calls") == Some(json!(calls))
        });
        until("the call in the record", || {
            let record = records(logs).pop().unwrap();
            record["stages"][0]["calls"] == calls
        });
        eprintln!("a call is in both files after {:?}", called.elapsed());
    }
    program.tell("exit");
    let (status, _) = program.end();
    assert_eq!(status.code(), Some(3));
    assert_eq!(metric(logs, "NBA-17", "calls"), Some(json!(3)));
    let record = records(logs).pop().unwrap();
    assert_eq!(record["stages"][0]["calls"], 3);
    // It did not finish: the next start says so.
    Program::start(logs, "").ends_well();
    assert_eq!(told(logs, &record["run_id"]).0.len(), 1);
}
