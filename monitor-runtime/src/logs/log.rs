//! The way of a line: encoded, numbered and written, then shown on the console.

use std::cell::RefCell;
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::console::Console;
use super::line::Envelope;
use super::record::{Data, LineLevel, OWN, Record};
use super::settings::LogSettings;
use super::sink::{LineSink, News};
use super::writer::{Forked, LineCounts, Writer};
use crate::fields::FieldValue;

/// The log of one run.
pub(crate) struct Log {
    envelope: Envelope,
    writer: Writer,
    console: Option<Console>,
    /// The process that it belongs to, and how to make one for a process that forks off.
    pid: u32,
    fork: Option<Fork>,
    forked: OnceLock<Box<Log>>,
    /// When it was last asked which process this is, see [`Timestamp::hundredths`].
    asked: AtomicU64,
}

/// Makes the log of a process that has forked off: it shares no lock and no buffer.
pub(crate) type Fork = Box<dyn Fn() -> Log + Send + Sync>;

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
        settings: &LogSettings,
        sink: Box<dyn LineSink>,
        console: Option<Console>,
    ) -> Self {
        Self {
            envelope: Envelope::new(name, run_id, settings.longest_line),
            writer: Writer::new(settings.mode, sink),
            console,
            pid: process::id(),
            fork: None,
            forked: OnceLock::new(),
            asked: AtomicU64::new(0),
        }
    }

    /// With what makes the log of a process that forks off.
    pub(crate) fn with_fork(mut self, fork: Fork) -> Self {
        self.fork = Some(fork);
        self
    }

    /// The log of this process: after a fork, one of its own.
    fn own(&self) -> &Self {
        match &self.fork {
            Some(fork) if process::id() != self.pid => {
                let forked = self.forked.get_or_init(|| Box::new(fork()));
                forked.own()
            }
            _ => self,
        }
    }

    /// The same for a line at this time. To ask for the process costs a tenth of a line, so
    /// that it is asked when the last line was some time ago.
    fn own_at(&self, now: u64) -> &Self {
        if self.asked.load(Ordering::Relaxed) == now && self.forked.get().is_none() {
            return self;
        }
        self.asked.store(now, Ordering::Relaxed);
        self.own()
    }

    /// Writes a line, then shows it on the console, if the user's filter lets lines of
    /// `target` through.
    pub(crate) fn emit(&self, target: &str, record: &Record<'_>) {
        let log = self.own_at(record.time.hundredths());
        if let Some(news) = log.emit_one(target, record) {
            log.tell(&news);
        }
    }

    fn emit_one(&self, target: &str, record: &Record<'_>) -> Option<News> {
        let mut buffer = BUFFER.try_with(RefCell::take).unwrap_or_default();
        buffer.clear();
        self.envelope.encode(&mut buffer, record);
        let news = self
            .writer
            .write(&mut buffer, is_urgent(record), record.time.hundredths());
        if let Some(console) = &self.console
            && news.is_ok()
        {
            console.show(target, record.level, &buffer);
        }
        if buffer.capacity() <= KEPT_CAPACITY {
            let _ = BUFFER.try_with(|kept| kept.replace(buffer));
        }
        match news {
            Ok(news) => news,
            // Sooner than it was to be asked.
            Err(Forked) if self.fork.is_some() => self.own().emit_one(target, record),
            Err(Forked) => None,
        }
    }

    /// A line about the log itself. More news stay for the next line.
    fn tell(&self, news: &News) {
        let (event_type, level, data) = match news {
            News::Lost { lines, cause } => (
                "log.loss",
                LineLevel::Error,
                vec![
                    ("lines", FieldValue::U64(*lines)),
                    ("cause", FieldValue::text(cause)),
                ],
            ),
            News::Repaired { text: removed } => (
                "log.repaired",
                LineLevel::Warning,
                vec![
                    ("bytes", FieldValue::U64(removed.len() as u64)),
                    ("text", FieldValue::text(removed)),
                ],
            ),
            News::NotSynced { cause } => (
                "log.not_synced",
                LineLevel::Error,
                vec![("cause", FieldValue::text(cause))],
            ),
        };
        let record = Record::new(level, event_type, Data::Fields(&data, &[]));
        self.emit_one(OWN, &record);
    }

    /// Does what has become due since the last line.
    pub(crate) fn tick(&self) {
        if let Some(news) = self.writer.tick() {
            self.tell(&news);
        }
    }

    /// Writes what waits, and counts as lost what cannot be written. The console, too.
    pub(crate) fn flush(&self) {
        let log = self.own();
        while let Some(news) = log.writer.flush(FLUSHED_WITHIN) {
            log.tell(&news);
        }
        if let Some(console) = &log.console {
            console.flush();
        }
    }

    /// Has the disk take all that was logged.
    pub(crate) fn sync(&self) -> Result<(), String> {
        self.own().writer.sync()
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
        self.own().writer.counts()
    }
}

/// Whether a line is written at once, also where lines are collected.
fn is_urgent(record: &Record<'_>) -> bool {
    record.level >= LineLevel::Warning
        || !record.event_type.1.is_empty() && record.event_type.1 != "_START"
}
