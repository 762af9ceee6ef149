//! A disk without room: lines wait for it up to 8 MiB, and those beyond are counted.

use std::time::{Duration, Instant};

use crate::disk::Disk;
use crate::log_file::{
    assert_all, has_lines, of_type, only_numbers, read, run_end, told_lost, until,
};
use crate::told::Told;

const MODES: [&str; 2] = ["", "mode = \"batched\""];

#[test]
fn lines_wait_for_room_and_none_is_lost() {
    for mode in MODES {
        let Some(disk) = Disk::new(32) else { return };
        let mut told = Told::start(&disk.logs(), mode);
        told.does("log 100 10");
        told.does("sync");
        disk.fill(0);
        told.does("log 5000 1000");
        let written = only_numbers(&read(&disk.log()));
        assert!((100..150).contains(&written.len()), "{}", written.len());
        disk.free();
        // Nothing is logged any more: they come by themselves.
        until("the lines that waited", || has_lines(&disk.log(), 5101));
        told.does("log 100 10");
        let ended = told.ends_well();
        assert!(
            !ended.stderr.contains("could not be written"),
            "{}",
            ended.stderr
        );
        let lines = read(&disk.log());
        assert_all(&only_numbers(&lines), 5200);
        assert_eq!(run_end(&lines), (lines.len() as u64, 0));
        assert_eq!(told_lost(&lines), 0);
    }
}

#[test]
fn what_can_never_be_written_is_counted_on_stderr() {
    for mode in MODES {
        let Some(disk) = Disk::new(4) else { return };
        let mut told = Told::start(&disk.logs(), mode);
        told.does("log 100 10");
        told.does("sync");
        disk.fill(0);
        told.does("log 300 1000");
        let began = Instant::now();
        let ended = told.ends_well();
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "{:?}",
            began.elapsed()
        );
        let written = only_numbers(&read(&disk.log())).len() as u64;
        // Some fit in what the file has left of its last page.
        assert!((100..110).contains(&written), "{written}");
        assert_all(&only_numbers(&read(&disk.log())), written);
        // The last of the run is lost, too.
        let summary = format!(
            "{} lines could not be written to {}: No space left on device",
            401 - written,
            disk.log().display()
        );
        ended.said(&summary);
    }
}

#[test]
fn the_oldest_lines_beyond_8_mib_are_counted_in_the_log_and_on_stderr() {
    for mode in MODES {
        let Some(disk) = Disk::new(32) else { return };
        let mut told = Told::start(&disk.logs(), mode);
        told.does("log 100 10");
        told.does("sync");
        disk.fill(0);
        told.does("log 12000 1000");
        disk.free();
        let ended = told.ends_well();
        let lines = read(&disk.log());
        let numbers = only_numbers(&lines);
        let lost = told_lost(&lines);
        let first = numbers
            .iter()
            .zip(0..)
            .take_while(|(found, n)| *found == n)
            .count() as u64;
        assert!((100..110).contains(&first), "{first}");
        let all: Vec<u64> = (0..first).chain(first + lost..12_100).collect();
        assert!(numbers == all, "{lost} lost, {} found", numbers.len());
        let kept = (12_100 - first - lost) * 1_200;
        assert!((7 << 20..10 << 20).contains(&kept), "{kept} bytes kept");
        let cause = &of_type(&lines, "log.loss")[0]["data"]["cause"];
        assert!(
            cause
                .as_str()
                .unwrap()
                .starts_with("No space left on device"),
            "{cause}"
        );
        assert_eq!(run_end(&lines), (lines.len() as u64 + lost, lost));
        let summary = format!("{lost} lines could not be written");
        ended.said(&summary);
    }
}

/// The disk has room for a part of a line, and takes it.
#[test]
fn a_line_that_was_cut_short_is_taken_back_and_written_whole() {
    for mode in MODES {
        let Some(disk) = Disk::new(4) else { return };
        let mut told = Told::start(&disk.logs(), mode);
        told.does("log 5 20000");
        told.does("sync");
        disk.fill(8192);
        told.does("log 5 20000");
        let lines = read(&disk.log());
        assert_all(&only_numbers(&lines), 5);
        // Each try cuts one short.
        told.does("sync");
        assert_eq!(read(&disk.log()), lines);
        disk.free();
        told.ends_well();
        let lines = read(&disk.log());
        assert_all(&only_numbers(&lines), 10);
        assert_eq!(run_end(&lines), (lines.len() as u64, 0));
    }
}

#[test]
fn a_disk_that_takes_nothing_is_an_error_of_sync() {
    let Some(disk) = Disk::new(4) else { return };
    let mut told = Told::start(&disk.logs(), "");
    assert_eq!(told.ask("sync").as_deref(), Some("Ok(())"));
    disk.fill(0);
    told.does("log 100 1000");
    let error = told.ask("sync").unwrap();
    assert!(error.contains("No space left on device"), "{error}");
    disk.free();
    until("a sync that works", || {
        told.ask("sync").as_deref() == Some("Ok(())")
    });
    assert_all(&only_numbers(&read(&disk.log())), 100);
}
