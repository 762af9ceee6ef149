//! A process that may not make files as long as its log: RLIMIT_FSIZE.
//!
//! The kernel cuts off the write that crosses the limit, and kills the process at the next
//! one, or refuses it where the signal is ignored.

use std::fs;

use crate::log_file::{assert_all, only_numbers, read};
use crate::told::Told;

/// 256 KiB, where the shell counts in blocks as POSIX says.
const LIMIT: &str = "ulimit -f 512";

fn whole_up_to_the_limit(before: &str) {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("pipeline.json");
    let mut told = Told::start_as(folder.path(), "", before).unwrap();
    told.does("log 3000 200");
    let error = told.ask("sync").unwrap();
    assert!(error.starts_with("Err"), "{error}");
    let ended = told.ends_well();
    let lines = read(&log);
    let written = only_numbers(&lines);
    assert!((100..3000).contains(&written.len()), "{}", written.len());
    assert_all(&written, written.len() as u64);
    let size = fs::metadata(&log).unwrap().len();
    assert!((250 * 1024..=512 * 1024).contains(&size), "{size}");
    let lost = 3000 - written.len() + 1;
    let summary = format!("{lost} lines could not be written to {}: ", log.display());
    ended.said(&summary);
}

#[test]
fn lines_beyond_the_limit_are_counted_and_none_is_split() {
    whole_up_to_the_limit(&format!("trap '' XFSZ\n{LIMIT}"));
}

#[test]
fn the_same_where_the_signal_would_kill_the_program() {
    whole_up_to_the_limit(LIMIT);
}

/// The next file has room again.
#[test]
fn rotation_below_the_limit_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let settings = "rotate_at = \"100 KiB\"\nkeep = 100";
    let mut told = Told::start_as(folder.path(), settings, LIMIT).unwrap();
    told.does("log 3000 200");
    told.ends_well();
    assert_all(
        &only_numbers(&crate::log_file::read_all(folder.path())),
        3000,
    );
}
