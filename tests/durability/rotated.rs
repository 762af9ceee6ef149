//! The log goes on in a new file when it is full, and no line is lost or split.

use std::fs;
use std::path::Path;

use crate::log_file::{assert_all, files, numbers, of_type, read_all, run_end};
use crate::told::Told;

const LIMIT: u64 = 64 * 1024;
/// No line of these programs is longer.
const LINE: u64 = 1024;

fn settings(keep: u64) -> String {
    format!("rotate_at = \"{} KiB\"\nkeep = {keep}", LIMIT / 1024)
}

fn assert_small(folder: &Path, processes: u64) {
    for file in files(folder) {
        let size = fs::metadata(&file).unwrap().len();
        let longest = LIMIT + processes * LINE;
        assert!(size <= longest, "{} has {size} bytes", file.display());
    }
}

#[test]
fn by_four_threads() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = Told::start(folder.path(), &settings(1000));
    told.does("threads 4 5000");
    told.ends_well();
    assert_small(folder.path(), 1);
    assert!(files(folder.path()).len() > 50);
    let lines = read_all(folder.path());
    let numbers = numbers(&lines);
    assert_eq!(numbers.len(), 4);
    numbers
        .values()
        .for_each(|numbers| assert_all(numbers, 5000));
    assert_eq!(run_end(&lines), (lines.len() as u64, 0));
}

/// Where one of them renames the file, the other may write to it for a moment, so that the
/// order of files is not always that of lines.
#[test]
fn by_two_processes_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = [(); 2].map(|()| Told::start(folder.path(), &settings(1000)));
    told.iter_mut().for_each(|told| told.tell("threads 4 5000"));
    told.iter_mut().for_each(Told::has_done);
    for told in told {
        told.ends_well();
    }
    assert_small(folder.path(), 2);
    let lines = read_all(folder.path());
    let mut numbers = numbers(&lines);
    assert_eq!(numbers.len(), 8);
    for numbers in numbers.values_mut() {
        numbers.sort_unstable();
        assert_all(numbers, 5000);
    }
    let ends = of_type(&lines, "run.end");
    let written: u64 = ends
        .iter()
        .map(|line| line["data"]["lines"].as_u64().unwrap())
        .sum();
    assert_eq!((ends.len(), written), (2, lines.len() as u64));
    assert!(ends.iter().all(|line| line["data"]["lost"] == 0));
}

#[test]
fn and_the_oldest_are_removed_but_nothing_of_the_users() {
    let folder = tempfile::tempdir().unwrap();
    let theirs = [
        "pipeline-2024.json",
        "pipeline-2026-02-05.json",
        "pipeline-old.json",
    ];
    for name in theirs {
        fs::write(folder.path().join(name), "").unwrap();
    }
    let mut told = Told::start(folder.path(), &settings(3));
    told.does("log 5000 40");
    told.ends_well();
    for name in theirs {
        assert!(folder.path().join(name).exists(), "{name}");
    }
    assert_eq!(files(folder.path()).len(), theirs.len() + 3 + 1);
    // What is left is the end of the log, without a gap.
    let lines = read_all(folder.path());
    let numbers = crate::log_file::only_numbers(&lines);
    assert!(numbers[0] > 0);
    assert!(numbers.iter().copied().eq(numbers[0]..5000));
    assert_eq!(run_end(&lines), (5002, 0));
}

#[test]
fn in_batches_too() {
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("mode = \"batched\"\n{}", settings(1000));
    let mut told = Told::start(folder.path(), &settings);
    told.does("threads 4 5000");
    told.ends_well();
    let lines = read_all(folder.path());
    let numbers = numbers(&lines);
    numbers
        .values()
        .for_each(|numbers| assert_all(numbers, 5000));
    assert_eq!(
        (numbers.len(), run_end(&lines)),
        (4, (lines.len() as u64, 0))
    );
}
