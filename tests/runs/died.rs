//! A run that was killed is found at the next start.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::files::{json, lines, names, path_of, records, told};
use crate::program::Program;

/// Kills a run while a call of NBA-18 is in flight, after one that failed.
fn die_in_clean(logs: &Path) {
    let mut dies = Program::start(logs, "");
    for command in ["ingest", "fail", "clean"] {
        dies.does(command);
    }
    dies.kill();
}

#[test]
fn a_run_that_was_killed_is_told_with_its_last_stage_and_the_calls_in_flight() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    die_in_clean(logs);
    let died = records(logs).pop().unwrap();
    assert_eq!(died["state"], "running");
    Program::start(logs, "").ends_well();

    let start = &lines(logs, "CLEANING_START")[0];
    let call = json!({
        "stage": "NBA-18",
        "function": "clean",
        "since": start["timestamp"],
        "span_id": start["span_id"],
    });
    let (lines, alerts) = told(logs, &died["run_id"]);
    let [line] = lines.as_slice() else {
        panic!("{lines:?}")
    };
    assert_eq!(
        (&line["level"], &line["name"]),
        (&json!("ERROR"), &json!("told"))
    );
    let data = &line["data"];
    assert_eq!(data["started_at"], died["started_at"]);
    assert_eq!(data["last_stage"], "NBA-18");
    assert_eq!(data["in_flight"], 1);
    assert_eq!(data["calls"], json!([call]));
    assert!(
        line["error"]
            .as_str()
            .unwrap()
            .contains(" died in NBA-18 with 1 call in flight")
    );

    // NBA-18 asks for nothing.
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0]["level"], "WARNING");
    assert_eq!(alerts[0]["data"]["calls"], json!([call]));

    let closed = json(&path_of(logs, &died));
    assert_eq!(
        (&closed["state"], &closed["outcome"]),
        (&json!("ended"), &json!("died"))
    );
    assert_eq!(closed["calls_in_flight"], json!([call]));
    assert_eq!(closed["last_stage"], "NBA-18");
    assert_eq!(closed["closed_by"], line["run_id"]);
    assert!(closed["ended_at"].as_str() >= start["timestamp"].as_str());
    assert!(names(logs).iter().all(|name| name.ends_with(".json")));

    // The run that found it has its own report by now.
    let report = fs::read_to_string(logs.join("dashboard.html")).unwrap();
    assert!(report.contains(">✖ died<"), "{report}");

    // Once is enough.
    Program::start(logs, "").ends_well();
    assert_eq!(told(logs, &died["run_id"]).0.len(), 1);
}

#[test]
fn a_call_without_lines_is_known_from_the_record_and_its_stage_says_how_bad_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let mut dies = Program::start(logs, "");
    dies.does("quiet");
    dies.does("save");
    dies.kill();
    let died = records(logs).pop().unwrap();
    Program::start(logs, "").ends_well();
    let (lines, alerts) = told(logs, &died["run_id"]);
    let calls = json!([{"stage": "NBA-19", "function": "quiet", "count": 1}]);
    assert_eq!(lines[0]["data"]["calls"], calls);
    assert_eq!(lines[0]["data"]["last_stage"], "NBA-19");
    assert_eq!(alerts[0]["level"], "CRITICAL");
}

#[test]
fn without_a_log_the_record_tells() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let mut dies = Program::start(logs, "");
    dies.does("clean");
    dies.does("save");
    dies.kill();
    let died = records(logs).pop().unwrap();
    fs::remove_file(logs.join("pipeline.json")).unwrap();
    Program::start(logs, "").ends_well();
    let (lines, _) = told(logs, &died["run_id"]);
    let calls = json!([{"stage": "NBA-18", "function": "clean", "count": 1}]);
    assert_eq!(lines[0]["data"]["calls"], calls);
}

/// A run that was killed after its last line, before it closed its record.
#[test]
fn a_run_whose_log_says_that_it_ended_did_not_die() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let mut ends = Program::start(logs, "");
    ends.does("ingest");
    ends.ends_well();
    let closed = records(logs).pop().unwrap();
    let mut open = closed.clone();
    let members = open.as_object_mut().unwrap();
    members.insert("state".to_owned(), "running".into());
    members.retain(|key, _| !["outcome", "ended_at"].contains(&key.as_str()));
    fs::write(path_of(logs, &closed), open.to_string()).unwrap();
    Program::start(logs, "").ends_well();
    let again = json(&path_of(logs, &closed));
    assert_eq!(again["outcome"], "ok");
    assert_eq!(again["ended_at"], lines(logs, "run.end")[0]["timestamp"]);
    assert_eq!(told(logs, &closed["run_id"]), (vec![], vec![]));
}

/// A process that was killed after it had told, before it closed the record.
#[test]
fn what_was_told_is_not_told_again() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let mut dies = Program::start(logs, "");
    dies.does("clean");
    dies.kill();
    let open: Value = records(logs).pop().unwrap();
    Program::start(logs, "").ends_well();
    fs::write(path_of(logs, &open), open.to_string()).unwrap();
    Program::start(logs, "").ends_well();
    assert_eq!(json(&path_of(logs, &open))["outcome"], "died");
    let (lines, alerts) = told(logs, &open["run_id"]);
    assert_eq!((lines.len(), alerts.len()), (1, 1));
}

#[test]
fn a_run_that_was_killed_has_its_report_while_the_next_one_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    die_in_clean(logs);
    assert!(!logs.join("dashboard.html").exists());
    let mut next = Program::start(logs, "");
    next.does("ingest");
    let report = fs::read_to_string(logs.join("dashboard.html")).unwrap();
    for part in [
        "told died",
        "It died in NBA-18, with 1 call in flight",
        "<b>NBA-17</b>",
        "✖ died here</span> <span class=\"id\">NBA-18</span>",
        "it was running when the run died",
        "CLEANING_START",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    next.ends_well();
    let report = fs::read_to_string(logs.join("dashboard.html")).unwrap();
    assert!(report.contains("told finished"), "{report}");
}
