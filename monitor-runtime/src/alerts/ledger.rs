//! What is still to be delivered, and what became of the rest.
//!
//! The one place that both sides share: threads that raise alerts add to it,
//! the worker takes from it. Every lock is held for a few lines only and never
//! across a delivery or a call of the observer.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Notify;

use super::{
    Alert, Severity,
    backoff::Backoff,
    channel::Failure,
    delivery::{Report, Undelivered},
};

/// Alerts that one channel keeps at most: a bound on memory, far above what a
/// person would read.
const CAPACITY: usize = 10_000;
/// The part of it that only critical alerts may use.
const CRITICAL_RESERVE: usize = 1_000;
/// Dead alerts that are kept for the report; further ones are counted.
const DEAD_KEPT: usize = 100;
/// The longest wait that another side can impose.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// The most urgent first, then the oldest.
type Key = (Reverse<Severity>, u64);

/// What a channel should do now.
pub(super) enum Next {
    Attempt(Vec<Key>, Vec<Arc<Alert>>),
    WaitUntil(Instant),
    Idle,
}

/// An end state that the observer has not been told yet.
pub(super) struct Ended {
    pub(super) alert: Arc<Alert>,
    pub(super) attempts: u32,
    /// `None` if it was delivered.
    pub(super) dead: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Ledger {
    state: Mutex<State>,
    /// Told of everything that `close` waits for.
    settled: Condvar,
    /// One per channel: there is something new to look at.
    wake: Vec<Notify>,
}

#[derive(Debug, Default)]
struct State {
    lanes: Vec<Lane>,
    sequence: u64,
    closing: bool,
    closed: bool,
    /// Calls of the observer under way.
    observing: usize,
    report: Report,
}

/// One channel's part.
#[derive(Debug)]
struct Lane {
    channel: Arc<str>,
    open: BTreeMap<Key, Entry>,
    /// Of each trouble, its open alerts: what is told of it is told in the order in which it
    /// happened.
    by_fingerprint: BTreeMap<String, BTreeSet<u64>>,
    paused_until: Option<Instant>,
}

#[derive(Debug)]
struct Entry {
    alert: Arc<Alert>,
    due: Instant,
    /// Failures since the back-off began.
    failures: u32,
    attempts: u32,
    reason: Option<String>,
}

impl Lane {
    /// Up to `most` alerts that are due, the most urgent first, of which none overtakes an
    /// older one of the same trouble.
    fn due(&self, most: usize, now: Instant) -> (Vec<Key>, Vec<Arc<Alert>>) {
        let (mut keys, mut alerts) = (Vec::new(), Vec::new());
        for (key, entry) in &self.open {
            let same = self.by_fingerprint.get(&entry.alert.fingerprint);
            let mut before = same.into_iter().flat_map(|same| same.range(..key.1));
            let is_next = before.all(|number| keys.iter().any(|(_, taken)| taken == number));
            if entry.due <= now && is_next {
                keys.push(*key);
                alerts.push(Arc::clone(&entry.alert));
            }
            if keys.len() == most {
                break;
            }
        }
        (keys, alerts)
    }

    fn remove(&mut self, key: Key) -> Option<Entry> {
        let entry = self.open.remove(&key)?;
        if let Some(same) = self.by_fingerprint.get_mut(&entry.alert.fingerprint) {
            same.remove(&key.1);
            if same.is_empty() {
                self.by_fingerprint.remove(&entry.alert.fingerprint);
            }
        }
        Some(entry)
    }
}

impl Ledger {
    pub(super) fn new<'c>(channels: impl IntoIterator<Item = &'c str>) -> Self {
        let lane = |channel: &str| Lane {
            channel: channel.into(),
            open: BTreeMap::new(),
            by_fingerprint: BTreeMap::new(),
            paused_until: None,
        };
        let lanes: Vec<Lane> = channels.into_iter().map(lane).collect();
        Self {
            settled: Condvar::new(),
            wake: lanes.iter().map(|_| Notify::new()).collect(),
            state: Mutex::new(State {
                lanes,
                ..State::default()
            }),
        }
    }

    /// Adds an alert to the channels that `wanted` names, and says whether all
    /// of them had room.
    pub(super) fn add(&self, alert: &Arc<Alert>, wanted: impl Fn(&str) -> bool) -> bool {
        let state = self.lock();
        !state.closing && self.enter(state, alert, wanted)
    }

    /// The same for what the deliveries give cause to: also while the last are waited for.
    pub(super) fn add_late(&self, alert: &Arc<Alert>, wanted: impl Fn(&str) -> bool) -> bool {
        let state = self.lock();
        !state.closed && self.enter(state, alert, wanted)
    }

    fn enter(
        &self,
        mut state: MutexGuard<'_, State>,
        alert: &Arc<Alert>,
        wanted: impl Fn(&str) -> bool,
    ) -> bool {
        state.sequence += 1;
        let key = (Reverse(alert.severity), state.sequence);
        let room = match alert.severity {
            Severity::Critical => CAPACITY,
            _ => CAPACITY - CRITICAL_RESERVE,
        };
        let mut taken = true;
        for (lane, wake) in state.lanes.iter_mut().zip(&self.wake) {
            if !wanted(&lane.channel) {
                continue;
            }
            if lane.open.len() >= room {
                taken = false;
                continue;
            }
            let entry = Entry {
                alert: Arc::clone(alert),
                due: Instant::now(),
                failures: 0,
                attempts: 0,
                reason: None,
            };
            let same = alert.fingerprint.clone();
            lane.by_fingerprint.entry(same).or_default().insert(key.1);
            lane.open.insert(key, entry);
            wake.notify_one();
        }
        taken
    }

    /// What the channel should do now: up to `most` alerts at once. They stay open until
    /// they are settled.
    pub(super) fn next(&self, lane: usize, most: usize, now: Instant) -> Next {
        let mut state = self.lock();
        let lane = &mut state.lanes[lane];
        if let Some(until) = lane.paused_until {
            if now < until {
                return Next::WaitUntil(until);
            }
            lane.paused_until = None;
        }
        let (keys, alerts) = lane.due(most.max(1), now);
        if !keys.is_empty() {
            return Next::Attempt(keys, alerts);
        }
        let mut earliest = None;
        for entry in lane.open.values() {
            earliest = Some(earliest.map_or(entry.due, |due: Instant| due.min(entry.due)));
        }
        earliest.map_or(Next::Idle, Next::WaitUntil)
    }

    /// How many attempts there were for each of these alerts.
    pub(super) fn attempts(&self, lane: usize, keys: &[Key]) -> Vec<u32> {
        let state = self.lock();
        let open = &state.lanes[lane].open;
        let attempts = |key| open.get(key).map_or(0, |entry: &Entry| entry.attempts);
        keys.iter().map(attempts).collect()
    }

    /// Waits until there may be something new for the channel.
    pub(super) async fn woken(&self, lane: usize) {
        self.wake[lane].notified().await;
    }

    /// Notes how an attempt went, for each alert that was in it. Those that have reached
    /// their end are given: the caller tells the observer of them, and then calls
    /// [`Ledger::observed`].
    pub(super) fn settle(
        &self,
        lane: usize,
        keys: &[Key],
        result: &Result<(), Failure>,
        backoff: Backoff,
    ) -> Vec<Ended> {
        let settle = |key: &Key| self.settle_one(lane, *key, result.clone(), backoff);
        keys.iter().filter_map(settle).collect()
    }

    fn settle_one(
        &self,
        lane: usize,
        key: Key,
        result: Result<(), Failure>,
        backoff: Backoff,
    ) -> Option<Ended> {
        let mut guard = self.lock();
        let state = &mut *guard;
        if state.closed {
            return None;
        }
        let lane = &mut state.lanes[lane];
        let entry = lane.open.get_mut(&key)?;
        entry.attempts += 1;
        let dead = match result {
            Ok(()) => None,
            Err(Failure::Dead { reason }) => Some(reason),
            Err(Failure::Retry { reason, after }) => {
                entry.failures += 1;
                let now = Instant::now();
                let wait = after.unwrap_or_else(|| backoff.after(entry.failures));
                entry.due = now + wait.min(LONGEST_PAUSE);
                entry.reason = Some(reason);
                if after.is_some() {
                    lane.paused_until = Some(entry.due);
                }
                return None;
            }
        };
        let Entry {
            alert, attempts, ..
        } = lane.remove(key)?;
        match &dead {
            None => state.report.delivered += 1,
            Some(_) if state.report.dead.len() >= DEAD_KEPT => state.report.dead_beyond += 1,
            Some(reason) => state.report.dead.push(Undelivered {
                alert: Arc::clone(&alert),
                channel: Arc::clone(&lane.channel),
                reason: reason.clone(),
            }),
        }
        state.observing += 1;
        Some(Ended {
            alert,
            attempts,
            dead,
        })
    }

    /// The observer has been told of one end state.
    pub(super) fn observed(&self) {
        let mut state = self.lock();
        state.observing = state.observing.saturating_sub(1);
        self.settled.notify_all();
    }

    /// Waits until nothing is open, but not longer than that, and says what became of the
    /// alerts so far: delivered, given up, still open.
    pub(crate) fn flush(&self, longest: Duration) -> (u64, u64, u64) {
        let start = Instant::now();
        let mut state = self.lock();
        loop {
            let open: usize = state.lanes.iter().map(|lane| lane.open.len()).sum();
            let left = longest.saturating_sub(start.elapsed());
            if (open == 0 && state.observing == 0) || left.is_zero() {
                let report = &state.report;
                let dead = report.dead.len() as u64 + report.dead_beyond;
                return (report.delivered, dead, open as u64);
            }
            (state, _) = self
                .settled
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes no further alert, waits for the open ones as long as each kind may
    /// take, and gives the result. Nothing changes afterwards.
    pub(super) fn close(&self, critical_wait: Duration, other_wait: Duration) -> Report {
        let start = Instant::now();
        let mut state = self.lock();
        state.closing = true;
        // A last chance for what is in a long back-off; a server's own pause is kept.
        for (lane, wake) in state.lanes.iter_mut().zip(&self.wake) {
            for entry in lane.open.values_mut() {
                entry.due = start;
                entry.failures = 0;
            }
            wake.notify_one();
        }
        loop {
            let wait = state.wait(critical_wait, other_wait);
            let Some(left) = wait
                .checked_sub(start.elapsed())
                .filter(|left| !left.is_zero())
            else {
                break;
            };
            (state, _) = self
                .settled
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.closed = true;
        let mut report = std::mem::take(&mut state.report);
        for lane in &mut state.lanes {
            for entry in std::mem::take(&mut lane.open).into_values() {
                report.pending.push(Undelivered {
                    alert: entry.alert,
                    channel: Arc::clone(&lane.channel),
                    reason: entry
                        .reason
                        .unwrap_or_else(|| "no attempt has ended yet".to_owned()),
                });
            }
        }
        report
    }

    /// A panic elsewhere leaves plain counters behind, so the state is as good as before.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How long to wait in all, given what is still open.
    fn wait(&self, critical_wait: Duration, other_wait: Duration) -> Duration {
        let mut wait = Duration::ZERO;
        if self.observing > 0 {
            wait = critical_wait.max(other_wait);
        }
        for &(Reverse(severity), _) in self.lanes.iter().flat_map(|lane| lane.open.keys()) {
            wait = wait.max(match severity {
                Severity::Critical => critical_wait,
                _ => other_wait,
            });
        }
        wait
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
