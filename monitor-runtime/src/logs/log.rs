//! The way of a line: encoded, then numbered and written under one lock, so that
//! order and numbers agree; then shown on the console.

use std::cell::RefCell;
use std::sync::{Mutex, PoisonError};

use super::console::Console;
use super::file::LineSink;
use super::line;
use super::record::{LineLevel, Record};

/// The log of one run.
pub(crate) struct Log {
    name: String,
    run_id: String,
    lines: Mutex<Lines>,
    console: Option<Console>,
}

struct Lines {
    sink: Box<dyn LineSink>,
    counts: LineCounts,
    last_failure: Option<String>,
}

/// What became of the lines of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LineCounts {
    pub(crate) emitted: u64,
    pub(crate) lost: u64,
}

thread_local! {
    /// One per thread, so that in steady state no line allocates. Taken out while it
    /// is in use: the `Display` of a value may log, too.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A buffer that one huge line has grown beyond this is not kept.
const KEPT_CAPACITY: usize = 64 * 1024;

impl Log {
    pub(crate) fn new(
        name: String,
        run_id: String,
        sink: Box<dyn LineSink>,
        console: Option<Console>,
    ) -> Self {
        Self {
            name,
            run_id,
            lines: Mutex::new(Lines {
                sink,
                counts: LineCounts::default(),
                last_failure: None,
            }),
            console,
        }
    }

    /// Writes a line; a line that the file does not take is counted as lost. Then shows
    /// it on the console, if the user's filter lets lines of `target` through.
    pub(crate) fn emit(&self, target: &str, record: &Record<'_>) {
        self.write(record);
        if let Some(console) = &self.console
            && console.shows(target, record.level)
        {
            console.show(record);
        }
    }

    fn write(&self, record: &Record<'_>) {
        let mut buffer = BUFFER.try_with(RefCell::take).unwrap_or_default();
        buffer.clear();
        line::encode(&mut buffer, record, &self.name, &self.run_id);
        {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            lines.counts.emitted += 1;
            line::close(&mut buffer, lines.counts.emitted);
            if let Err(error) = lines.sink.write_line(&buffer) {
                lines.counts.lost += 1;
                lines.last_failure = Some(error.to_string());
            }
        }
        if buffer.capacity() <= KEPT_CAPACITY {
            let _ = BUFFER.try_with(|kept| kept.replace(buffer));
        }
    }

    /// Whether the user's filter lets such lines through.
    pub(crate) fn shows(&self, target: &str, level: LineLevel) -> bool {
        self.console
            .as_ref()
            .is_none_or(|console| console.shows(target, level))
    }

    /// How many lines there were, how many were lost, and why the last one was.
    pub(crate) fn counts(&self) -> (LineCounts, Option<String>) {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        (lines.counts, lines.last_failure.clone())
    }
}
