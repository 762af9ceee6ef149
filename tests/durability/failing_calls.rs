//! System calls that fail in ways that no disk of a test does: EIO, a quota that is used
//! up, a server that forgot the file, short and interrupted writes, a failed `fdatasync`.
//!
//! `faults.c` makes them fail, in a program that is started with it in `LD_PRELOAD`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::log_file::{
    assert_all, has_lines, of_type, only_numbers, read, run_end, told_lost, until,
};
use crate::told::Told;

const EIO: i32 = 5;
const ESTALE: i32 = 116;
const EDQUOT: i32 = 122;

struct Faulty {
    folder: TempDir,
}

impl Faulty {
    /// Where there is no C compiler it says so and gives none, but under CI it panics.
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/durability/faults.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-Wall", "-Werror", "-o"]);
        compiler.arg(folder.path().join("faults.so")).arg(source);
        let built = compiler.arg("-ldl").output();
        if !built.as_ref().is_ok_and(|built| built.status.success()) {
            assert!(env::var_os("CI").is_none(), "cc: {built:?}");
            eprintln!("SKIPPED: cc: {built:?}");
            return None;
        }
        Some(Self { folder })
    }

    fn start(&self, settings: &str) -> Told {
        let folder = self.folder.path().display();
        let before = format!("export FAULT={folder}/fault LD_PRELOAD={folder}/faults.so");
        Told::start_as(&self.folder.path().join("logs"), settings, &before).unwrap()
    }

    fn fail(&self, how: &str) {
        // A reader sees the old or the new one.
        let new = self.folder.path().join("new");
        fs::write(&new, how).unwrap();
        fs::rename(new, self.folder.path().join("fault")).unwrap();
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("logs/pipeline.json")
    }

    fn lines(&self) -> Vec<serde_json::Value> {
        read(&self.log())
    }
}

#[test]
fn lines_wait_until_writes_work_again() {
    for (errno, text) in [
        (EIO, "Input/output error"),
        (EDQUOT, "Disk quota exceeded"),
        (ESTALE, "Stale file handle"),
    ] {
        let Some(faulty) = Faulty::new() else { return };
        let mut told = faulty.start("");
        told.does("log 100 10");
        faulty.fail(&format!("error {errno}"));
        told.does("log 1000 10");
        let error = told.ask("sync").unwrap();
        assert!(error.contains(text), "{error}");
        assert_all(&only_numbers(&faulty.lines()), 100);
        faulty.fail("");
        until("the lines that waited", || has_lines(&faulty.log(), 1101));
        told.ends_well();
        let lines = faulty.lines();
        assert_all(&only_numbers(&lines), 1100);
        assert_eq!(run_end(&lines), (lines.len() as u64, 0));
        assert_eq!(told_lost(&lines), 0);
    }
}

#[test]
fn lines_that_a_broken_disk_never_takes_are_counted() {
    let Some(faulty) = Faulty::new() else { return };
    let mut told = faulty.start("");
    told.does("log 100 10");
    faulty.fail(&format!("error {EIO}"));
    told.does("log 50 10");
    // And the last of the run.
    told.ends_well().said("51 lines could not be written to ");
    assert_all(&only_numbers(&faulty.lines()), 100);
}

#[test]
fn short_and_interrupted_writes_leave_whole_lines() {
    for how in ["half", "interrupt"] {
        for mode in ["", "mode = \"batched\""] {
            let Some(faulty) = Faulty::new() else { return };
            faulty.fail(how);
            let mut told = faulty.start(mode);
            told.does("log 500 100");
            told.does("threads 4 100");
            told.ends_well();
            let lines = faulty.lines();
            assert_eq!(of_type(&lines, "NUMBER").len(), 900);
            assert_eq!(run_end(&lines), (lines.len() as u64, 0));
        }
    }
}

/// The kernel tells of it once: a later call that works does not undo it.
#[test]
fn a_failed_fdatasync_is_never_reported_as_a_success() {
    let Some(faulty) = Faulty::new() else { return };
    let mut told = faulty.start("");
    told.does("log 10 10");
    assert_eq!(told.ask("sync").as_deref(), Some("Ok(())"));
    faulty.fail(&format!("sync {EIO}"));
    let failed = told.ask("sync").unwrap();
    assert!(failed.contains("Input/output error"), "{failed}");
    faulty.fail("");
    assert_eq!(told.ask("sync"), Some(failed));
    told.ends_well();
    let lines = faulty.lines();
    let cause = &of_type(&lines, "log.not_synced")[0]["data"]["cause"];
    assert!(cause.as_str().unwrap().starts_with("Input/output error"));
    assert_all(&only_numbers(&lines), 10);
}
