//! The file that lines are appended to, whatever happens to it.
//!
//! | module | concept |
//! |---|---|
//! | `append` | one open file |
//! | `limit` | how long the process may make it |
//! | `kept` | lines that could not be written yet |
//! | `rotation` | the log in several files |

mod append;
mod kept;
mod limit;
mod rotation;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use self::append::{Append, Whereabouts};
use self::kept::Kept;
pub(crate) use self::rotation::Rotation;
use super::sink::{LineSink, News};
use super::timestamp::Timestamp;

/// How often it is looked whether the file is still where it was, in hundredths of a second.
const LOOKED_AFTER: u64 = 5;
/// How much may be written in between.
const LOOKED_AFTER_BYTES: usize = 32 * 1024;

/// The pauses between two tries to write.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The log's file.
#[derive(Debug)]
pub(crate) struct LogFile {
    path: PathBuf,
    rotation: Option<Rotation>,
    /// `None` while it cannot be opened.
    file: Option<Append>,
    /// What was written since it was looked whether the file has a name: a removed file
    /// takes it along.
    recent: Vec<u8>,
    /// When it was looked, in hundredths of a second since 1970.
    looked_at: u64,
    kept: Kept,
    failing: Option<Failing>,
    rotate_again: Instant,
    /// Full files that the disk may not have taken yet.
    full: Vec<PathBuf>,
    /// Somebody wants the disk to take what is written.
    syncs: bool,
    /// The disk may not know yet that the file exists.
    is_new: bool,
    news: Vec<News>,
    last_cause: String,
    /// Why the disk did not take something, ever.
    not_synced: Option<String>,
}

/// The file takes no lines.
#[derive(Debug)]
struct Failing {
    pause: Duration,
    next_try: Instant,
}

impl LogFile {
    /// Opens the file.
    pub(crate) fn open(path: &Path, rotation: Option<Rotation>) -> io::Result<Self> {
        let mut log = Self::at(path, rotation);
        log.file()?;
        Ok(log)
    }

    /// A file that is opened with its first line.
    pub(crate) fn at(path: &Path, rotation: Option<Rotation>) -> Self {
        Self {
            path: path.to_owned(),
            rotation,
            file: None,
            recent: Vec::new(),
            looked_at: Timestamp::now().hundredths(),
            kept: Kept::default(),
            failing: None,
            rotate_again: Instant::now(),
            full: Vec::new(),
            syncs: false,
            is_new: true,
            news: Vec::new(),
            last_cause: String::new(),
            not_synced: None,
        }
    }

    fn file(&mut self) -> io::Result<&mut Append> {
        if self.file.is_none() {
            let (file, repaired) = Append::open(&self.path)?;
            self.news
                .extend(repaired.map(|text| News::Repaired { text }));
            self.file = Some(file);
        }
        self.file
            .as_mut()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.file()?.append(lines)?;
        self.recent.extend_from_slice(lines);
        Ok(())
    }

    fn fail(&mut self, error: &io::Error) {
        self.last_cause = error.to_string();
        let pause = self.failing.as_ref().map_or(SHORTEST_PAUSE, |failing| {
            (failing.pause * 2).min(LONGEST_PAUSE)
        });
        self.failing = Some(Failing {
            pause,
            next_try: Instant::now() + pause,
        });
    }

    /// Writes what was kept.
    fn try_again(&mut self) {
        // A file that failed may be one that is gone.
        self.look();
        let mut kept = std::mem::take(&mut self.kept);
        let result = kept.write(|lines| self.append(lines));
        self.kept = kept;
        match result {
            Err(error) => self.fail(&error),
            Ok(()) => {
                self.failing = None;
                self.note_lost();
            }
        }
    }

    fn note_lost(&mut self) {
        let lines = self.kept.take_dropped();
        if lines > 0 {
            let cause = self.last_cause.clone();
            self.news.push(News::Lost { lines, cause });
        }
    }

    fn note_not_synced(&mut self, cause: String) {
        if self.not_synced.is_none() {
            self.not_synced = Some(cause.clone());
            self.news.push(News::NotSynced { cause });
        }
    }

    /// Looks where the file is, and goes on at its path if it is elsewhere.
    fn look(&mut self) {
        self.looked_at = Timestamp::now().hundredths();
        let recent = std::mem::take(&mut self.recent);
        let Some(file) = &mut self.file else { return };
        match file.whereabouts(&self.path) {
            Whereabouts::InPlace => {}
            Whereabouts::Renamed => {
                if self.syncs
                    && let Err(error) = file.sync()
                {
                    self.note_not_synced(error.to_string());
                }
                self.file = None;
                self.is_new = true;
            }
            Whereabouts::Removed => {
                self.file = None;
                if let Err(error) = self.append(&recent) {
                    self.kept.push(&recent);
                    self.fail(&error);
                }
            }
        }
        // Its space is used again.
        if self.recent.is_empty() {
            self.recent = recent;
            self.recent.clear();
        }
    }

    /// Has the disk take all files and the name of the newest.
    fn sync_all(&mut self) -> io::Result<()> {
        let mut result = Ok(());
        for full in self.full.drain(..) {
            match File::open(full).and_then(|file| file.sync_data()) {
                // One of those that are kept no longer.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                synced => result = result.and(synced),
            }
        }
        if let Some(file) = &self.file {
            result = result.and(file.sync());
        }
        if cfg!(unix) && self.is_new && result.is_ok() {
            let folder = self.path.parent().map(File::open);
            result = folder.map_or(Ok(()), |folder| folder?.sync_all());
            self.is_new = result.is_err();
        }
        result
    }

    /// Goes on in a new file where this one is full.
    fn rotate_for(&mut self, more: usize) {
        let (Some(rotation), Some(file)) = (self.rotation, &self.file) else {
            return;
        };
        let is_full = file.size > 0 && file.size + more as u64 > rotation.at;
        if !is_full || Instant::now() < self.rotate_again {
            return;
        }
        self.look();
        // Another process may have done it just now.
        let is_full = |file: &Append| file.size > 0 && file.size + more as u64 > rotation.at;
        if !self.file.as_ref().is_some_and(is_full) {
            return;
        }
        match rotation.rotate(&self.path, SystemTime::now()) {
            Ok(full) => {
                self.full.push(full);
                let kept = rotation.keep.min(self.full.len());
                self.full.drain(..self.full.len() - kept);
                self.file = None;
                self.is_new = true;
                self.recent.clear();
            }
            // Another process is just doing it: this file has its own name by now.
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.look(),
            // It stays one file for now.
            Err(_) => self.rotate_again = Instant::now() + LONGEST_PAUSE,
        }
    }
}

impl LineSink for LogFile {
    fn write(&mut self, lines: &[u8], now: u64) {
        if let Some(failing) = &self.failing {
            let due = Instant::now() >= failing.next_try;
            self.kept.push(lines);
            if due {
                self.try_again();
            }
            return;
        }
        if now.abs_diff(self.looked_at) >= LOOKED_AFTER || self.recent.len() >= LOOKED_AFTER_BYTES {
            self.look();
        }
        if let Some(file) = &mut self.file
            && (file.shared || self.rotation.is_some())
        {
            file.see_others();
        }
        self.rotate_for(lines.len());
        if self.failing.is_some() {
            self.kept.push(lines);
        } else if let Err(error) = self.append(lines) {
            self.kept.push(lines);
            self.fail(&error);
        }
    }

    fn tick(&mut self) {
        match &self.failing {
            Some(failing) if Instant::now() >= failing.next_try => self.try_again(),
            Some(_) => {}
            None => self.look(),
        }
    }

    fn flush(&mut self, longest: Duration) {
        let end = Instant::now() + longest;
        loop {
            let now = Instant::now();
            let Some(failing) = &self.failing else { break };
            if now >= end {
                break;
            }
            thread::sleep(failing.next_try.min(end).saturating_duration_since(now));
            self.try_again();
        }
        if self.failing.is_none() {
            self.look();
        }
    }

    fn sync(&mut self) -> Result<(), String> {
        self.syncs = true;
        if self.failing.is_some() {
            self.try_again();
        }
        if self.failing.is_some() {
            // Lines are in memory only. What becomes of them is told later.
            return Err(self.last_cause.clone());
        }
        if let Err(error) = self.sync_all() {
            self.note_not_synced(error.to_string());
        }
        // The kernel forgets a failure once it has told of it; what was not written stays so.
        self.not_synced.clone().map_or(Ok(()), Err)
    }

    fn waiting(&self) -> u64 {
        let told = self.news.iter().map(|news| match news {
            News::Lost { lines, .. } => *lines,
            _ => 0,
        });
        self.kept.lines() + self.kept.dropped() + told.sum::<u64>()
    }

    fn failure(&self) -> Option<String> {
        (self.waiting() > 0).then(|| self.last_cause.clone())
    }

    fn add_news(&mut self, news: News) {
        self.news.push(news);
    }

    fn news(&mut self) -> Option<News> {
        if self.failing.is_some() || self.news.is_empty() {
            return None;
        }
        Some(self.news.remove(0))
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
