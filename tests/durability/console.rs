//! Whatever becomes of standard error, the file is whole and the program goes on.

use std::time::{Duration, Instant};

use crate::log_file::{assert_all, of_type, only_numbers, read, run_end};
use crate::told::Told;

/// A pipe that takes a little, and then holds up who writes to it.
const UNREAD: &str = "mkfifo \"$JOB_LOGS/unread\"; exec 2<>\"$JOB_LOGS/unread\"";

fn runs_well_with(stderr: &str) -> Duration {
    let folder = tempfile::tempdir().unwrap();
    let mut told = Told::start_as(folder.path(), "", stderr).unwrap();
    let began = Instant::now();
    told.does("log 20000 40");
    told.does("error 100");
    told.does("log 100 40");
    told.ends_well();
    let took = began.elapsed();
    let lines = read(&folder.path().join("pipeline.json"));
    assert_all(&only_numbers(&lines), 20_100);
    assert_eq!(of_type(&lines, "log.error").len(), 100);
    assert_eq!(run_end(&lines), (lines.len() as u64, 0));
    took
}

#[test]
fn closed() {
    runs_well_with("exec 2>&-");
}

#[test]
fn full() {
    runs_well_with("exec 2>/dev/full");
}

#[test]
fn a_pipe_whose_reader_went_away() {
    runs_well_with(
        "mkfifo \"$JOB_LOGS/gone\"; exec 3<>\"$JOB_LOGS/gone\" 2>\"$JOB_LOGS/gone\" 3>&-",
    );
}

#[test]
fn a_pipe_that_nobody_reads() {
    let took = runs_well_with(UNREAD);
    // The end waits a second for it, once.
    assert!(took < Duration::from_secs(3), "{took:?}");
}

/// The end of the run has something to say.
#[test]
fn a_pipe_that_nobody_reads_and_a_log_that_takes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.path().join("pipeline.json")).unwrap();
    let mut told = Told::start_as(folder.path(), "", UNREAD).unwrap();
    told.does("log 20000 40");
    let began = Instant::now();
    told.ends_well();
    let took = began.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
}
