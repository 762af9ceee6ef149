//! A disk that cannot be written to for a time.

use std::fs;

use crate::disk::{Disk, mount, unmount};
use crate::log_file::{assert_all, only_numbers, read, run_end, until};
use crate::told::Told;

#[test]
fn a_program_does_not_start_where_it_cannot_write() {
    let Some(disk) = Disk::new(4) else { return };
    fs::create_dir(disk.logs()).unwrap();
    assert!(mount(&["-o", "remount,ro"], disk.path()));
    let refused = Told::start_as(&disk.logs(), "", "").map(drop).unwrap_err();
    assert!(
        refused.contains("pipeline.json cannot be written: Read-only file system"),
        "{refused}"
    );
}

/// A disk on which a file is open for writing cannot be made read-only. So another one, of
/// which it is true, first lies over it until the program has let its file go.
#[test]
fn lines_wait_until_the_disk_can_be_written_to_again() {
    let Some(disk) = Disk::new(4) else { return };
    let mut told = Told::start(&disk.logs(), "");
    told.does("log 100 10");
    assert!(mount(&["-t", "tmpfs", "-o", "ro", "none"], &disk.logs()));
    let mut count = 100;
    until("an error of the disk above", || {
        told.does("log 10 10");
        count += 10;
        told.ask("sync").unwrap().contains("Read-only file system")
    });
    unmount(&disk.logs());
    // Not in a moment in which the metrics are written.
    until("the disk is read-only", || {
        mount(&["-o", "remount,ro"], disk.path())
    });
    told.does("log 100 10");
    assert!(told.ask("sync").unwrap().contains("Read-only file system"));
    let before = only_numbers(&read(&disk.log()));
    assert!(before.len() < count, "{} of {count}", before.len());
    assert!(mount(&["-o", "remount,rw"], disk.path()));
    told.does("log 100 10");
    told.ends_well();
    let lines = read(&disk.log());
    assert_all(&only_numbers(&lines), count as u64 + 200);
    assert_eq!(run_end(&lines), (lines.len() as u64, 0));
}
