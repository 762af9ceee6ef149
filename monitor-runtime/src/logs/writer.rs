//! From encoded lines to the sink: numbered, in the order of their numbers.

use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use monitor_config::LogMode;

use super::line;
use super::sink::{LineSink, News};
use super::timestamp::Timestamp;

/// How much is collected before it is written.
const BATCH: usize = 64 * 1024;
/// How much may wait while the disk is busy.
const WAITING: usize = 1024 * 1024;

/// How long a line's number and its end are at most.
const NUMBER: usize = 32;

/// What became of the lines of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LineCounts {
    pub(crate) emitted: u64,
    pub(crate) lost: u64,
}

/// Who holds the lock stayed behind in the process that this one has forked off from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Forked;

/// Numbers lines and hands them to the sink.
pub(crate) struct Writer {
    mode: LogMode,
    pid: u32,
    /// In direct mode, its number alone.
    front: Mutex<Front>,
    io: Mutex<Io>,
}

#[derive(Default)]
struct Front {
    emitted: u64,
    lines: Vec<u8>,
    dropped: u64,
}

struct Io {
    sink: Box<dyn LineSink>,
    /// In direct mode: so that a line is numbered and written under one lock.
    emitted: u64,
    lost: u64,
    last_failure: Option<String>,
    /// What is being written, and the space that the next batch is collected in.
    spare: Vec<u8>,
}

impl Writer {
    pub(crate) fn new(mode: LogMode, sink: Box<dyn LineSink>) -> Self {
        Self {
            mode,
            pid: process::id(),
            front: Mutex::default(),
            io: Mutex::new(Io {
                sink,
                emitted: 0,
                lost: 0,
                last_failure: None,
                spare: Vec::new(),
            }),
        }
    }

    /// Ends the line with its number and writes it, or collects it where that is the mode
    /// and it is not `urgent`. `now` is in hundredths of a second since 1970.
    pub(crate) fn write(
        &self,
        line: &mut Vec<u8>,
        urgent: bool,
        now: u64,
    ) -> Result<Option<News>, Forked> {
        if self.mode == LogMode::Direct {
            let mut io = self.lock_here(&self.io)?;
            io.emitted += 1;
            line::close(line, io.emitted);
            io.sink.write(line, now);
            return Ok(io.news());
        }
        let drops = self.mode == LogMode::BatchedDropping;
        let is_full = loop {
            let mut front = self.lock_here(&self.front)?;
            if front.lines.len() + line.len() + NUMBER > WAITING && !front.lines.is_empty() {
                if drops {
                    front.emitted += 1;
                    front.dropped += 1;
                    line::close(line, front.emitted);
                    return Ok(None);
                }
                drop(front);
                self.write_out(true)?;
                continue;
            }
            front.emitted += 1;
            line::close(line, front.emitted);
            front.lines.extend_from_slice(line);
            break front.lines.len() >= BATCH;
        };
        if urgent || is_full {
            self.write_out(!drops)
        } else {
            Ok(None)
        }
    }

    /// Locks, also where that takes a while, if whoever holds the lock is in this process.
    fn lock_here<'a, T>(&self, mutex: &'a Mutex<T>) -> Result<MutexGuard<'a, T>, Forked> {
        match mutex.try_lock() {
            Ok(guard) => Ok(guard),
            Err(TryLockError::WouldBlock) if process::id() != self.pid => Err(Forked),
            Err(_) => Ok(lock(mutex)),
        }
    }

    /// Writes what was collected, and waits for the disk if `waits`.
    fn write_out(&self, waits: bool) -> Result<Option<News>, Forked> {
        let mut io = if waits {
            self.lock_here(&self.io)?
        } else {
            match self.io.try_lock() {
                Ok(io) => io,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                // Whoever has it comes back for the rest.
                Err(TryLockError::WouldBlock) => return Ok(None),
            }
        };
        io.take(&self.front);
        Ok(io.news())
    }

    /// Does what has become due.
    pub(crate) fn tick(&self) -> Option<News> {
        let mut io = self.io();
        io.take(&self.front);
        io.sink.tick();
        io.news()
    }

    /// Writes all, for at most so long.
    pub(crate) fn flush(&self, longest: Duration) -> Option<News> {
        let mut io = self.io();
        io.take(&self.front);
        io.sink.flush(longest);
        io.news()
    }

    /// Has the disk take all that was logged.
    pub(crate) fn sync(&self) -> Result<(), String> {
        let mut io = self.io();
        io.take(&self.front);
        io.sink.sync()
    }

    /// How many lines there were, how many were lost or wait for a file that takes none,
    /// and why the last one was.
    pub(crate) fn counts(&self) -> (LineCounts, Option<String>) {
        let io = self.io();
        let front = lock(&self.front);
        let counts = LineCounts {
            emitted: io.emitted + front.emitted,
            lost: io.lost + front.dropped + io.sink.waiting(),
        };
        (counts, io.sink.failure().or(io.last_failure.clone()))
    }

    fn io(&self) -> MutexGuard<'_, Io> {
        lock(&self.io)
    }
}

impl Io {
    /// Takes what was collected and writes it.
    fn take(&mut self, front: &Mutex<Front>) {
        let dropped = {
            let mut front = lock(front);
            std::mem::swap(&mut front.lines, &mut self.spare);
            std::mem::take(&mut front.dropped)
        };
        if !self.spare.is_empty() {
            self.sink.write(&self.spare, Timestamp::now().hundredths());
            self.spare.clear();
        }
        if dropped > 0 {
            self.sink.add_news(News::Lost {
                lines: dropped,
                cause: "the disk was slower than the program".to_owned(),
            });
        }
    }

    fn news(&mut self) -> Option<News> {
        let news = self.sink.news()?;
        match &news {
            News::Lost { lines, cause } => {
                self.lost += lines;
                self.last_failure = Some(cause.clone());
            }
            News::NotSynced { cause } => self.last_failure = Some(cause.clone()),
            News::Repaired { .. } => {}
        }
        Some(news)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
