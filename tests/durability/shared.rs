//! Two processes write to one file.

use std::fs;
use std::io::Write as _;

use serde_json::Value;

use crate::disk::Disk;
use crate::log_file::{assert_all, numbers, of_type, parse, read};
use crate::told::Told;

fn is_json(line: &str) -> bool {
    serde_json::from_str::<Value>(line).is_ok()
}

#[test]
fn no_line_is_lost_or_split() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = [(); 2].map(|()| Told::start(folder.path(), ""));
    told.iter_mut()
        .for_each(|told| told.tell("threads 4 10000"));
    // Others start and end meanwhile.
    for _ in 0..10 {
        Told::start(folder.path(), "").ends_well();
    }
    told.iter_mut().for_each(Told::has_done);
    for told in told {
        told.ends_well();
    }
    let lines = read(&folder.path().join("pipeline.json"));
    let numbers = numbers(&lines);
    assert_eq!(numbers.len(), 8);
    numbers
        .values()
        .for_each(|numbers| assert_all(numbers, 10_000));
    for end in of_type(&lines, "run.end") {
        let of_run = lines.iter().filter(|line| line["run_id"] == end["run_id"]);
        assert_eq!(end["data"]["lines"], of_run.count() as u64);
        assert_eq!(end["data"]["lost"], 0);
    }
    assert!(of_type(&lines, "log.repaired").is_empty());
}

/// Another process is killed in the middle of a line while this one goes on: one line of the
/// file is its torn one, and those of this process are whole.
#[test]
fn a_line_is_not_glued_to_what_a_killed_process_left() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("pipeline.json");
    let mut told = Told::start(folder.path(), "");
    let other = Told::start(folder.path(), "");
    // So much that it looks at its file, and notices the other process.
    told.does("log 400 1000");
    drop(other);
    let mut killed = fs::File::options().append(true).open(&log).unwrap();
    killed.write_all(b"{\"timestamp\":\"2026-").unwrap();
    told.does("log 100 10");
    told.ends_well();
    let text = fs::read_to_string(&log).unwrap();
    let (whole, torn): (Vec<_>, Vec<_>) = text.lines().partition(|line| is_json(line));
    assert_eq!(torn, ["{\"timestamp\":\"2026-"]);
    let lines = parse(format!("{}\n", whole.join("\n")).as_bytes());
    assert_all(&crate::log_file::only_numbers(&lines), 500);
}

/// Neither may take back what it wrote of a line, since the other may have written after it.
#[test]
fn on_a_full_disk_nothing_is_lost() {
    let Some(disk) = Disk::new(16) else { return };
    let mut told = [(); 2].map(|()| Told::start(&disk.logs(), ""));
    told.iter_mut().for_each(|told| told.does("log 10 5000"));
    disk.fill(64 * 1024);
    told.iter_mut().for_each(|told| told.tell("log 100 5000"));
    told.iter_mut().for_each(Told::has_done);
    disk.free();
    for told in told {
        told.ends_well();
    }
    let text = fs::read_to_string(disk.log()).unwrap();
    let (whole, torn): (Vec<_>, Vec<_>) = text.lines().partition(|line| is_json(line));
    // Each is written again, in a line of its own.
    for torn in torn {
        assert!(whole.iter().any(|line| line.starts_with(torn)), "{torn}");
    }
    let lines = parse(format!("{}\n", whole.join("\n")).as_bytes());
    let numbers = numbers(&lines);
    assert_eq!(numbers.len(), 2);
    numbers
        .values()
        .for_each(|numbers| assert_all(numbers, 110));
    assert!(
        of_type(&lines, "run.end")
            .iter()
            .all(|line| line["data"]["lost"] == 0)
    );
}
