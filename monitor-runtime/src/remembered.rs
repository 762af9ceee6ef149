//! What a run leaves for the next of the troubles that it told: `alerts-state.json`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;

use serde_json::Value;

use crate::attached::Attached;
use crate::replace::replace;

/// How much of a file is read: one of the most troubles that are remembered has less, unless their
/// details are unusually long.
const LONGEST: u64 = 64 * 1024 * 1024;

impl Attached {
    /// Knows what earlier runs told. A file that cannot be read is none: then it is told anew.
    pub(crate) fn recall_troubles(&self) {
        let Some(path) = self.troubles() else { return };
        let is_file = |data: &fs::Metadata| data.is_file() && data.len() <= LONGEST;
        if !fs::symlink_metadata(&path).is_ok_and(|data| is_file(&data)) {
            return;
        }
        let content = fs::read(&path).unwrap_or_default();
        if let Ok(value) = serde_json::from_slice::<Value>(&content) {
            self.desk.recall(&value);
        }
    }

    /// Keeps what was told, where that has changed.
    pub(crate) fn remember_troubles(&self) -> io::Result<()> {
        let Some(path) = self.troubles() else {
            return Ok(());
        };
        let Some(value) = self.desk.to_remember() else {
            return Ok(());
        };
        let is_written = replace(&path, &self.run.writer(), &value.to_string());
        if is_written.is_err() {
            self.desk.remember_again();
        }
        is_written
    }

    /// The file; none for a run without files, and in a process that has forked off.
    fn troubles(&self) -> Option<PathBuf> {
        let folder: &Path = self.paths.folder();
        let is_ours = !folder.as_os_str().is_empty() && process::id() == self.run.pid;
        is_ours.then(|| folder.join("alerts-state.json"))
    }
}
