//! What stands where the log should be is no file, or is not free.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::log_file::{assert_all, only_numbers, read};
use crate::told::{Told, sh};

fn refused(logs: &Path) -> String {
    let began = Instant::now();
    let refused = Told::start_as(logs, "", "").map(drop).unwrap_err();
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    refused
}

#[test]
fn a_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("pipeline.json")).unwrap();
    let refused = refused(folder.path());
    let what =
        "pipeline.json cannot be written: it is a folder, where a file for the log is needed";
    assert!(refused.contains(what), "{refused}");
}

#[test]
fn a_pipe_that_nobody_reads_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    sh("mkfifo \"$1/pipeline.json\"", &[folder.path()]);
    let refused = refused(folder.path());
    assert!(refused.contains("it is no regular file"), "{refused}");
}

#[test]
fn a_file_in_place_of_the_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    File::create(&logs).unwrap();
    let refused = refused(&logs);
    assert!(refused.contains("logs cannot be written"), "{refused}");
}

#[test]
fn a_device_that_takes_nothing_has_all_lines_counted() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("pipeline.json");
    std::os::unix::fs::symlink("/dev/full", &log).unwrap();
    let mut told = Told::start(folder.path(), "");
    told.does("log 100 10");
    let ended = told.ends_well();
    // With the first and the last of the run.
    let summary = "102 lines could not be written";
    ended.said(summary);
}

#[test]
fn what_the_disk_did_not_take_is_never_called_a_success() {
    let folder = tempfile::tempdir().unwrap();
    // Takes all, and cannot be synced.
    std::os::unix::fs::symlink("/dev/null", folder.path().join("pipeline.json")).unwrap();
    let mut told = Told::start(folder.path(), "console = \"json\"");
    told.does("log 1 10");
    let error = told.ask("sync").unwrap();
    assert!(error.contains("Invalid argument"), "{error}");
    told.does("log 1 10");
    let ended = told.ends_well();
    ended.said("\"log.not_synced\"");
}

/// Another program may lock the file for as long as it likes.
#[test]
fn a_locked_file_holds_nothing_up() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("pipeline.json");
    let locked = File::create(&log).unwrap();
    locked.lock().unwrap();
    let began = Instant::now();
    let mut told = Told::start(folder.path(), "");
    told.does("log 100 10");
    told.ends_well();
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    assert_all(&only_numbers(&read(&log)), 100);
}
