//! Where numbered lines go.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Takes whole lines. None of it fails: what cannot be written is kept, or counted.
pub(crate) trait LineSink: Send {
    /// Writes one or more lines, each with its line feed. `now` is in hundredths of a second
    /// since 1970: each line has read that clock.
    fn write(&mut self, lines: &[u8], now: u64);

    /// Does what has become due since the last line.
    fn tick(&mut self) {}

    /// Writes what was kept, for at most so long.
    fn flush(&mut self, _longest: Duration) {}

    /// Has the disk take what the kernel holds. An error is one that the sink has noted too.
    fn sync(&mut self) -> Result<(), String> {
        Ok(())
    }

    /// Lines that are kept for when they can be written, and lost ones of which no news were
    /// asked for yet.
    fn waiting(&self) -> u64 {
        0
    }

    /// Why they wait.
    fn failure(&self) -> Option<String> {
        None
    }

    /// Keeps news for whoever asks next.
    fn add_news(&mut self, _news: News) {}

    /// What a line of the log has to tell of the log itself, once.
    fn news(&mut self) -> Option<News> {
        None
    }
}

/// What became of lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// Lines were lost.
    Lost { lines: u64, cause: String },
    /// The beginning of a line was removed from the file's end: a process had been killed
    /// while it wrote it.
    Repaired { text: String },
    /// The disk did not take what was written.
    NotSynced { cause: String },
}

/// How many lines there are in `bytes`.
pub(crate) fn count(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
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
    fn write(&mut self, lines: &[u8], _: u64) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(lines);
    }
}
