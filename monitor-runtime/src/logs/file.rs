//! Where numbered lines go.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Takes whole lines, one at a time.
pub(crate) trait LineSink: Send {
    /// Writes `line`, which ends with a line feed.
    fn write_line(&mut self, line: &[u8]) -> io::Result<()>;
}

/// A file opened for appending: each line is one write to the kernel, so that it
/// survives whatever happens to the process after it.
#[derive(Debug)]
pub(crate) struct LogFile(File);

impl LogFile {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .map(Self)
    }
}

impl LineSink for LogFile {
    fn write_line(&mut self, line: &[u8]) -> io::Result<()> {
        self.0.write_all(line)
    }
}

/// Keeps lines in memory, for tests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory(Arc<Mutex<Vec<u8>>>);

impl Memory {
    pub(crate) fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl LineSink for Memory {
    fn write_line(&mut self, line: &[u8]) -> io::Result<()> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(line);
        Ok(())
    }
}
