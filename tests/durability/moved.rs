//! The file is moved, cut off or removed while the program goes on.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use serde_json::Value;

use crate::log_file::{assert_all, numbers, only_numbers, parse, read, run_end};
use crate::told::{Told, cut_off, sh};

/// The lines of these files, one after the other.
fn read_both(first: &Path, second: &Path) -> Vec<Value> {
    [read(first), read(second)].concat()
}

/// All of a run whose last line is in the log.
fn assert_whole(lines: &[Value], count: u64) {
    assert_all(&only_numbers(lines), count);
    assert_eq!(run_end(lines), (lines.len() as u64, 0));
}

#[test]
fn renamed_and_created_anew_as_logrotate_does() {
    for create in ["", "; : >\"$1/pipeline.json\""] {
        let folder = tempfile::tempdir().unwrap();
        let mut told = Told::start(folder.path(), "");
        told.does("log 100 10");
        sh(
            &format!("mv \"$1/pipeline.json\" \"$1/old\"{create}"),
            &[folder.path()],
        );
        told.does("log 100 10");
        told.ends_well();
        let log = folder.path().join("pipeline.json");
        // What was written before the move was noticed is in the old file.
        assert_whole(&read_both(&folder.path().join("old"), &log), 200);
        assert!(!read(&log).is_empty());
    }
}

#[test]
fn renamed_again_and_again_while_four_threads_log() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("pipeline.json");
    let mut told = Told::start(folder.path(), "");
    told.tell("threads 4 20000");
    let mut moved = Vec::new();
    while moved.len() < 10 {
        let to = folder.path().join(format!("old{}", moved.len()));
        // It may not be there anew yet.
        if fs::rename(&log, &to).is_ok() {
            moved.push(to);
        }
    }
    told.has_done();
    told.ends_well();
    let lines: Vec<_> = moved
        .iter()
        .chain([&log])
        .flat_map(|path| read(path))
        .collect();
    let numbers = numbers(&lines);
    assert_eq!(numbers.len(), 4);
    numbers
        .values()
        .for_each(|numbers| assert_all(numbers, 20_000));
    assert_eq!(run_end(&lines), (lines.len() as u64, 0));
}

#[test]
fn copied_and_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let (log, copy) = (
        folder.path().join("pipeline.json"),
        folder.path().join("copy"),
    );
    let mut told = Told::start(folder.path(), "");
    told.does("log 100 10");
    fs::copy(&log, &copy).unwrap();
    cut_off(&log);
    told.does("log 100 10");
    told.ends_well();
    assert_whole(&read_both(&copy, &log), 200);
}

/// What is written between the copy and the cut is gone, whatever a program does; no other
/// line is, and none is split.
#[test]
fn cut_off_again_and_again_while_four_threads_log() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("pipeline.json");
    let mut told = Told::start(folder.path(), "");
    told.tell("threads 4 20000");
    for _ in 0..10 {
        crate::log_file::until("some lines", || {
            fs::metadata(&log).is_ok_and(|metadata| metadata.len() > 10_000)
        });
        cut_off(&log);
    }
    told.has_done();
    told.does("log 100 10");
    told.ends_well();
    let lines = read(&log);
    // From the last cut on, all are there.
    let numbers = lines.iter().map(|line| line["seq"].as_u64().unwrap());
    let first = lines[0]["seq"].as_u64().unwrap();
    assert!(numbers.eq(first..first + lines.len() as u64));
    assert_eq!(run_end(&lines), (80_000 + 100 + 2, 0));
}

/// Those lines that were written before the file was removed, and all from then on, are in
/// one file or in the other.
fn assert_in_either(removed: &mut File, log: &Path, count: u64) {
    let mut text = Vec::new();
    removed.seek(SeekFrom::Start(0)).unwrap();
    removed.read_to_end(&mut text).unwrap();
    let (before, after) = (parse(&text), read(log));
    let seen: BTreeSet<u64> = [&before, &after]
        .iter()
        .flat_map(|lines| only_numbers(lines))
        .collect();
    assert!(seen.into_iter().eq(0..count));
    // What the removed file took last stands in the new one again, once.
    let numbers = only_numbers(&after);
    let first = *numbers.first().unwrap();
    assert!(numbers.into_iter().eq(first..count));
    assert_eq!(run_end(&after).1, 0);
}

#[test]
fn removed_with_or_without_its_folder() {
    for script in ["rm \"$1/pipeline.json\"", "rm -r \"$1\""] {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        let mut told = Told::start(&logs, "");
        told.does("log 100 10");
        let log = logs.join("pipeline.json");
        let mut removed = File::open(&log).unwrap();
        sh(script, &[&logs]);
        told.does("log 100 10");
        told.ends_well();
        assert_in_either(&mut removed, &log, 200);
        let numbers = only_numbers(&read(&log));
        assert!(
            numbers[0] <= 100,
            "what came after is all there, from {}",
            numbers[0]
        );
    }
}

#[test]
fn removed_while_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("pipeline.json");
    let mut told = Told::start(folder.path(), "");
    let mut removed = File::open(&log).unwrap();
    told.tell("log 20000 10");
    crate::log_file::until("some lines", || removed.metadata().unwrap().len() > 100_000);
    fs::remove_file(&log).unwrap();
    told.has_done();
    told.ends_well();
    assert_in_either(&mut removed, &log, 20_000);
}

/// A program that logs no more notices it, too.
#[test]
fn removed_when_nothing_is_logged_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("pipeline.json");
    let mut told = Told::start(folder.path(), "");
    told.does("log 100 10");
    fs::remove_file(&log).unwrap();
    crate::log_file::until("the file again", || log.exists());
    told.ends_well();
    let numbers = only_numbers(&read(&log));
    assert!(
        numbers
            .into_iter()
            .rev()
            .zip((0..100).rev())
            .all(|(n, wanted)| n == wanted)
    );
}
