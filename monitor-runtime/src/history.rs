//! What the report tells beside numbers: the last errors and alerts of the run, and its course.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use monitor_config::Severity;

use crate::course::series::Series;
use crate::course::spans::Spans;
use crate::failure::ErrorText;
use crate::logs::timestamp::Timestamp;
use crate::metrics::snapshot::Snapshot;

/// How many of each are kept.
const KEPT: usize = 100;

/// An error line.
#[derive(Clone, Debug)]
pub(crate) struct ErrorEntry {
    pub(crate) time: Timestamp,
    pub(crate) event_type: String,
    pub(crate) stage: Option<String>,
    pub(crate) function: Option<String>,
    pub(crate) text: ErrorText,
}

/// An alert and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct AlertEntry {
    pub(crate) id: String,
    pub(crate) time: Timestamp,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    /// It tells that a trouble is over.
    pub(crate) is_over: bool,
    /// Channel, and how the delivery ended.
    pub(crate) deliveries: Vec<(String, String)>,
}

/// Without a report nobody asks for the course of a run.
const HAS_COURSE: bool = cfg!(feature = "report");

/// The last errors and alerts, and the course of the run.
#[derive(Debug, Default)]
pub(crate) struct History {
    errors: Mutex<VecDeque<ErrorEntry>>,
    alerts: Mutex<VecDeque<AlertEntry>>,
    series: Mutex<Series>,
    spans: Mutex<Spans>,
}

impl History {
    pub(crate) fn add_error(&self, entry: ErrorEntry) {
        keep(&mut lock(&self.errors), entry);
    }

    pub(crate) fn add_alert(&self, entry: AlertEntry) {
        keep(&mut lock(&self.alerts), entry);
    }

    #[cfg(feature = "__worker")]
    pub(crate) fn delivered(&self, id: &str, channel: &str, how: &str) {
        if let Some(entry) = lock(&self.alerts).iter_mut().find(|entry| entry.id == id) {
            entry.deliveries.push((channel.to_owned(), how.to_owned()));
        }
    }

    /// The run begins with what was counted so far.
    pub(crate) fn begin(&self, snapshot: &Snapshot) {
        if HAS_COURSE {
            lock(&self.series).begin(snapshot);
        }
    }

    /// What is counted so long after the start of the run.
    pub(crate) fn sample(&self, at: Duration, snapshot: &Snapshot) {
        if HAS_COURSE {
            lock(&self.series).add(at, snapshot);
        }
    }

    pub(crate) fn series(&self) -> Series {
        lock(&self.series).clone()
    }

    /// Notes a call that has lines.
    pub(crate) fn note(&self, note: impl FnOnce(&mut Spans)) {
        if HAS_COURSE {
            note(&mut lock(&self.spans));
        }
    }

    pub(crate) fn spans(&self) -> Spans {
        lock(&self.spans).clone()
    }

    /// The errors, the latest first.
    pub(crate) fn errors(&self) -> Vec<ErrorEntry> {
        lock(&self.errors).iter().rev().cloned().collect()
    }

    /// The alerts, the latest first.
    pub(crate) fn alerts(&self) -> Vec<AlertEntry> {
        lock(&self.alerts).iter().rev().cloned().collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn keep<T>(entries: &mut VecDeque<T>, entry: T) {
    if entries.len() == KEPT {
        entries.pop_front();
    }
    entries.push_back(entry);
}
