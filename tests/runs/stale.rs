//! How long a stage has gone without a success counts from the last one, whichever run that
//! was in.

use std::fs;

use serde_json::{Value, json};

use crate::files::{lines, path_of, records, until};
use crate::program::Program;

const SETTINGS: &str = "[stages.NBA-17]\nstale_after = \"26h\"\n";

fn stale(line: &Value) -> bool {
    line["data"]["stage"] == "NBA-17" && line["data"]["stale_after"] == 26.0 * 3600.0
}

#[test]
fn the_success_of_an_earlier_run_counts() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let mut first = Program::start(logs, SETTINGS);
    first.does("ingest");
    first.ends_well();
    let record = records(logs).pop().unwrap();
    let succeeded = record["last_success"]["NBA-17"].clone();

    // Told on from run to run, also by one that does not call the stage.
    Program::start(logs, SETTINGS).ends_well();
    let second = records(logs).pop().unwrap();
    assert_eq!(second["last_success"]["NBA-17"], succeeded);
    assert!(!lines(logs, "alert.raised").iter().any(stale));

    for mut record in records(logs) {
        record["last_success"]["NBA-17"] = "2001-01-01T00:00:00.000000Z".into();
        fs::write(path_of(logs, &record), record.to_string()).unwrap();
    }
    let mut third = Program::start(logs, SETTINGS);
    until("the alert", || {
        lines(logs, "alert.raised").iter().any(stale)
    });
    third.does("ingest");
    third.ends_well();
    let last = records(logs).pop().unwrap();
    assert!(last["last_success"]["NBA-17"].as_str() > succeeded.as_str());
}

#[test]
fn a_stage_that_fails_in_each_of_many_short_runs_is_stale() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let mut first = Program::start(logs, SETTINGS);
    first.does("fail");
    first.ends_well();
    assert_eq!(records(logs)[0]["last_success"], json!({}));
    for mut record in records(logs) {
        record["waiting_since"]["NBA-17"] = "2001-01-01T00:00:00.000000Z".into();
        fs::write(path_of(logs, &record), record.to_string()).unwrap();
    }
    let second = Program::start(logs, SETTINGS);
    until("the alert", || {
        lines(logs, "alert.raised").iter().any(stale)
    });
    second.ends_well();
    let told_on = &records(logs)[1]["waiting_since"]["NBA-17"];
    assert_eq!(told_on, "2001-01-01T00:00:00.000000Z");
}
