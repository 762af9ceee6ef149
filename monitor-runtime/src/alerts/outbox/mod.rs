//! `logs/alerts.jsonl`: what was raised and what became of it, a line for each event, with a
//! checksum. It is the queue, from which the next run delivers what this one could not, and
//! the audit trail.
//!
//! | module | concept |
//! |---|---|
//! | `entry`, `crc` | one line |
//! | `file` | the file, shared by processes |
//! | `open_alerts` | what is still to be delivered |
//! | `compact` | what is kept of a file that has grown |

mod compact;
mod crc;
mod entry;
mod file;
mod open_alerts;

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;

use self::file::OutboxFile;
use self::open_alerts::{OpenAlert, OpenAlerts};
use super::Alert;

/// An alert that nobody could deliver for so long is not news any more.
const EXPIRED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);
/// How often an alert is sent by processes that are killed before an answer comes: each time
/// it may have arrived.
const MOST_UNANSWERED: u32 = 2;
const UNANSWERED: &str = "sent twice, and each time the process was killed before an answer came";
/// How long a start waits for another one that looks through the same outbox.
const LOCKED_WITHIN: Duration = Duration::from_secs(2);
/// How many lines wait for a disk that takes none.
const WAITING: usize = 1_000;
/// The longest details of an alert that are kept, in bytes of JSON.
const LONGEST_DETAILS: usize = 64 * 1024;

const EXPIRED: &str = "expired: nobody could deliver it in a day";

/// What happened at a channel.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What<'a> {
    /// It is about to send: from here on the alert may arrive.
    Sending,
    /// An attempt failed, and another follows.
    Attempted(&'a str),
    /// It has delivered.
    Delivered,
    /// It has given up.
    Dead(&'a str),
}

/// The outbox of a run.
#[derive(Debug)]
pub(crate) struct Outbox {
    path: PathBuf,
    run: String,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// None while it cannot be opened.
    file: Option<OutboxFile>,
    /// Lines that a disk did not take.
    waiting: VecDeque<String>,
    lost: u64,
    failed: Option<String>,
}

impl Outbox {
    /// Opens the outbox at `path` for a run. Where that cannot be done, its lines wait.
    pub(crate) fn open(path: &Path, run: &str) -> Self {
        let outbox = Self {
            path: path.to_owned(),
            run: run.to_owned(),
            state: Mutex::new(State {
                file: None,
                waiting: VecDeque::new(),
                lost: 0,
                failed: None,
            }),
        };
        let locked = outbox.lock_starts();
        let mut state = outbox.state();
        if let Ok(file) = state.file(&outbox.path)
            && locked.is_some()
        {
            compact::compact(file, &outbox.path, run);
        }
        drop(state);
        outbox
    }

    /// An alert was raised, for these channels.
    pub(crate) fn raised(&self, alert: &Alert, channels: &[&str]) {
        let mut json = alert.to_json();
        let length = json["details"].to_string().len();
        if length > LONGEST_DETAILS {
            json["details"] = serde_json::json!({ "left_out": length });
        }
        let members = [
            ("alert", json),
            ("channels", channels.into()),
            ("run", self.run.as_str().into()),
        ];
        self.append("raised", &members);
    }

    /// What happened at a channel to alerts that were in one message, each with the number of
    /// its attempts.
    pub(crate) fn at_channel(&self, what: What<'_>, alerts: &[(&Alert, u32)], channel: &str) {
        let (event, reason) = match what {
            What::Sending => ("sending", None),
            What::Attempted(reason) => ("attempted", Some(reason)),
            What::Delivered => ("delivered", None),
            What::Dead(reason) => ("dead", Some(reason)),
        };
        let now = SystemTime::now();
        let lines = alerts.iter().map(|(alert, attempts)| {
            let mut members = vec![
                ("id", Value::from(alert.id.as_str())),
                ("channel", channel.into()),
                ("attempts", (*attempts).into()),
            ];
            members.extend(reason.map(|reason| ("reason", reason.into())));
            entry::encode(now, event, &members)
        });
        self.write(lines.collect());
    }

    /// Takes over what runs left that are over, for the channels that this one has. What is
    /// too old is given up, with an entry that says so.
    pub(crate) fn take_over(
        &self,
        channels: &[&str],
        is_living: impl Fn(&str) -> bool,
        now: SystemTime,
    ) -> Vec<(Alert, Vec<String>)> {
        // Two starts at the same moment must not both take it.
        let Some(_locked) = self.lock_starts() else {
            return Vec::new();
        };
        let mut taken = Vec::new();
        for open in self.open_alerts() {
            if open.run == self.run || is_living(&open.run) {
                continue;
            }
            let own = |channel: &&String| channels.contains(&channel.as_str());
            let own: Vec<String> = open.channels.iter().filter(own).cloned().collect();
            let (told_twice, open_for): (Vec<String>, Vec<String>) = own
                .into_iter()
                .partition(|channel| open.unanswered(channel) >= MOST_UNANSWERED);
            let alert = open.alert;
            for channel in told_twice {
                let dead = [(&alert, MOST_UNANSWERED)];
                self.at_channel(What::Dead(UNANSWERED), &dead, &channel);
            }
            let age = now.duration_since(alert.raised_at).unwrap_or_default();
            if age > EXPIRED_AFTER {
                for channel in &open_for {
                    self.at_channel(What::Dead(EXPIRED), &[(&alert, 0)], channel);
                }
            } else if !open_for.is_empty() {
                let members = [
                    ("id", alert.id.as_str().into()),
                    ("run", self.run.as_str().into()),
                ];
                self.append("taken", &members);
                taken.push((alert, open_for));
            }
        }
        taken
    }

    fn open_alerts(&self) -> Vec<OpenAlert> {
        let mut state = self.state();
        let text = state.file(&self.path).and_then(OutboxFile::read);
        let mut open = OpenAlerts::default();
        for entry in text.unwrap_or_default().lines().filter_map(entry::decode) {
            open.see(&entry);
        }
        open.into_alerts()
    }

    /// How many lines the file did not take, and why the last one was not.
    pub(crate) fn unwritten(&self) -> Option<(u64, String)> {
        let mut state = self.state();
        state.write_waiting(&self.path);
        let lines = state.lost + state.waiting.len() as u64;
        let failed = state.failed.clone().unwrap_or_default();
        (lines > 0).then_some((lines, failed))
    }

    fn append(&self, event: &str, members: &[(&str, Value)]) {
        self.write(entry::encode(SystemTime::now(), event, members));
    }

    /// Writes lines in one go: a kill leaves all of them or none.
    fn write(&self, lines: String) {
        let mut state = self.state();
        state.waiting.push_back(lines);
        state.write_waiting(&self.path);
    }

    /// Keeps other processes from looking through the outbox, while what is given lives.
    fn lock_starts(&self) -> Option<Arc<File>> {
        let lock = self.path.with_extension("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(lock);
        let (file, end) = (file.ok()?, Instant::now() + LOCKED_WITHIN);
        loop {
            match file.try_lock() {
                Ok(()) => return Some(Arc::new(file)),
                Err(_) if Instant::now() >= end => return None,
                Err(_) => thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn file(&mut self, path: &Path) -> io::Result<&mut OutboxFile> {
        if self.file.is_none() {
            self.file = Some(OutboxFile::open(path)?);
        }
        self.file
            .as_mut()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Writes what waits. A disk that takes nothing is asked again with the next line.
    fn write_waiting(&mut self, path: &Path) {
        while let Some(line) = self.waiting.pop_front() {
            let written = self.file(path).and_then(|file| file.append(&line));
            if let Err(error) = written {
                self.failed = Some(error.to_string());
                self.waiting.push_front(line);
                while self.waiting.len() > WAITING {
                    self.waiting.pop_front();
                    self.lost += 1;
                }
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
