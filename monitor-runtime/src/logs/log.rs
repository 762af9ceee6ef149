//! The way of a line: encoded, then numbered and written under one lock, so that
//! order and numbers agree; then shown on the console.

use std::cell::RefCell;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::console::Console;
use super::line::{self, Envelope};
use super::record::{Data, LineLevel, OWN, Record};
use super::sink::{LineSink, News};
use crate::fields::FieldValue;

/// The log of one run.
pub(crate) struct Log {
    envelope: Envelope,
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

/// How long the end of a run tries to write what could not be written.
const FLUSHED_WITHIN: Duration = Duration::from_secs(2);

impl Log {
    pub(crate) fn new(
        name: &str,
        run_id: &str,
        sink: Box<dyn LineSink>,
        console: Option<Console>,
    ) -> Self {
        Self {
            envelope: Envelope::new(name, run_id, line::LONGEST),
            lines: Mutex::new(Lines {
                sink,
                counts: LineCounts::default(),
                last_failure: None,
            }),
            console,
        }
    }

    /// Writes a line, then shows it on the console, if the user's filter lets lines of
    /// `target` through.
    pub(crate) fn emit(&self, target: &str, record: &Record<'_>) {
        let news = self.emit_one(target, record);
        for news in news {
            self.tell(&news);
        }
    }

    fn emit_one(&self, target: &str, record: &Record<'_>) -> Option<News> {
        let mut buffer = BUFFER.try_with(RefCell::take).unwrap_or_default();
        buffer.clear();
        self.envelope.encode(&mut buffer, record);
        let news = {
            let mut lines = self.lock();
            lines.write(&mut buffer);
            lines.news()
        };
        if let Some(console) = &self.console
            && console.shows(target, record.level)
        {
            console.show(record, &buffer);
        }
        if buffer.capacity() <= KEPT_CAPACITY {
            let _ = BUFFER.try_with(|kept| kept.replace(buffer));
        }
        news
    }

    /// A line about the log itself. More news stay for the next line.
    fn tell(&self, news: &News) {
        let text = |text: &str| FieldValue::Text(text.to_owned().into());
        let (event_type, level, data) = match news {
            News::Lost { lines, cause } => (
                "log.loss",
                LineLevel::Error,
                vec![("lines", FieldValue::U64(*lines)), ("cause", text(cause))],
            ),
            News::Repaired { text: removed } => (
                "log.repaired",
                LineLevel::Warning,
                vec![
                    ("bytes", FieldValue::U64(removed.len() as u64)),
                    ("text", text(removed)),
                ],
            ),
            News::NotSynced { cause } => (
                "log.not_synced",
                LineLevel::Error,
                vec![("cause", text(cause))],
            ),
        };
        self.emit_one(
            OWN,
            &Record::new(level, event_type, Data::Fields(&data, &[])),
        );
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what has become due since the last line.
    pub(crate) fn tick(&self) {
        let news = {
            let mut lines = self.lock();
            lines.sink.tick(Instant::now());
            lines.news()
        };
        for news in news {
            self.tell(&news);
        }
    }

    /// Writes what waits, and counts as lost what cannot be written. The console, too.
    pub(crate) fn flush(&self) {
        let news = {
            let mut lines = self.lock();
            lines.sink.flush(FLUSHED_WITHIN);
            lines.news()
        };
        for news in news {
            self.tell(&news);
        }
        if let Some(console) = &self.console {
            console.flush();
        }
    }

    /// Whether the user's filter lets such lines through.
    pub(crate) fn shows(&self, target: &str, level: LineLevel) -> bool {
        self.console
            .as_ref()
            .is_none_or(|console| console.shows(target, level))
    }

    /// How many lines there were, how many were lost or wait for a file that takes none,
    /// and why the last one was.
    pub(crate) fn counts(&self) -> (LineCounts, Option<String>) {
        let lines = self.lock();
        let mut counts = lines.counts;
        counts.lost += lines.sink.waiting();
        (counts, lines.last_failure.clone())
    }
}

impl Lines {
    fn write(&mut self, line: &mut Vec<u8>) {
        self.counts.emitted += 1;
        line::close(line, self.counts.emitted);
        self.sink.write(line, Instant::now());
    }

    fn news(&mut self) -> Option<News> {
        let news = self.sink.news()?;
        match &news {
            News::Lost { lines, cause } => {
                self.counts.lost += lines;
                self.last_failure = Some(cause.clone());
            }
            News::NotSynced { cause } => self.last_failure = Some(cause.clone()),
            News::Repaired { .. } => {}
        }
        Some(news)
    }
}
