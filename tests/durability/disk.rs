//! A small disk of one's own, in memory.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Mounted on a folder; it goes with this value.
pub(crate) struct Disk {
    folder: TempDir,
}

pub(crate) fn mount(arguments: &[&str], folder: &Path) -> bool {
    let mut mount = Command::new("mount");
    mount
        .args(arguments)
        .arg(folder)
        .output()
        .is_ok_and(|out| out.status.success())
}

pub(crate) fn unmount(folder: &Path) {
    // Also where a program still has a file open.
    let _ = Command::new("umount").arg("-l").arg(folder).status();
}

impl Disk {
    /// A disk of so many MiB. Where this user may mount none, it says so and gives none, but
    /// under CI, where nothing may go untested, it panics.
    pub(crate) fn new(size: u64) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={size}m");
        if !mount(&["-t", "tmpfs", "-o", &size, "none"], folder.path()) {
            let cure = "a tmpfs must be mounted: run the tests as root";
            assert!(std::env::var_os("CI").is_none(), "{cure}");
            eprintln!("SKIPPED: {cure}");
            return None;
        }
        Some(Self { folder })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder for the logs.
    pub(crate) fn logs(&self) -> PathBuf {
        self.path().join("logs")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.logs().join("pipeline.json")
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    /// Leaves no room but `left` bytes.
    pub(crate) fn fill(&self, left: u64) {
        let mut file = File::create(self.ballast()).unwrap();
        while file.write(&[0; 4096]).is_ok_and(|count| count == 4096) {}
        let size = file.metadata().unwrap().len();
        file.set_len(size - left).unwrap();
    }

    /// Makes room again.
    pub(crate) fn free(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        unmount(self.path());
    }
}
