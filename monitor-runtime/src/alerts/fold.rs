//! Which alerts are told, which are counted, and when it is told that a trouble is over.
//!
//! A trouble has a fingerprint. Its first event is told at once. Further ones are counted until
//! `repeat` is over, and then summed up. A success of the stage ends it. One that begins anew soon
//! after it has ended is told less and less often, up to `repeat`: else a stage that fails every
//! other time would tell of each time.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use monitor_config::{Channels, Condition, Severity};
use serde_json::Value;

use super::cause::Cause;
use super::fingerprint::of_stage;

/// How many troubles are remembered. The one that was quiet for longest is forgotten first.
pub(super) const MOST: usize = 2_000;

/// How soon a trouble that begins anew is told: twice as late with each time.
pub(super) const FIRST_PAUSE: Duration = Duration::from_secs(300);

/// What is remembered of a trouble.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trouble {
    pub(super) stage: String,
    pub(super) on: Condition,
    pub(super) severity: Severity,
    pub(super) channels: Channels,
    pub(super) repeat: Duration,
    pub(super) resolve: bool,
    /// When it began, and when something was heard of it last.
    pub(super) since: SystemTime,
    pub(super) seen: SystemTime,
    pub(super) told_at: SystemTime,
    /// Before then, events are counted only.
    pub(super) due: SystemTime,
    /// Events that were counted and not told, and the last of them.
    pub(super) more: u64,
    pub(super) last: Option<(String, Value)>,
    /// All events since it began.
    pub(super) times: u64,
    /// It is not over.
    pub(super) is_open: bool,
    /// People think so, too.
    pub(super) is_said: bool,
    /// It was over since it was told last.
    pub(super) is_back: bool,
    /// How often in a row it was told to be back.
    pub(super) returns: u32,
    /// A channel has taken what was told last.
    pub(super) is_delivered: bool,
    /// What was told last.
    pub(super) message: String,
    pub(super) details: Value,
}

/// What follows on an event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It is told, with how many were counted since the last time.
    Tell(Option<More>),
    /// It is counted.
    Count(More),
    /// It goes on, and that is known.
    Known,
}

/// Events that were counted and not told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct More {
    pub(crate) count: u64,
    /// Since the last that was told.
    pub(crate) since: SystemTime,
}

/// What is told without an event of its own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    pub(crate) fingerprint: String,
    pub(crate) stage: String,
    pub(crate) on: Condition,
    pub(crate) severity: Severity,
    pub(crate) channels: Channels,
    /// Its last event.
    pub(crate) message: String,
    pub(crate) details: Value,
    pub(crate) more: Option<More>,
    pub(crate) since: SystemTime,
    pub(crate) times: u64,
    pub(crate) is_over: bool,
}

/// The troubles that are known.
#[derive(Debug, Default)]
pub(crate) struct Fold {
    pub(super) troubles: BTreeMap<String, Trouble>,
}

impl Fold {
    /// Something happened.
    pub(crate) fn event(&mut self, cause: &Cause, now: SystemTime) -> Verdict {
        self.take(cause, now, true)
    }

    /// Something still is as it was, as far as anybody can tell.
    pub(crate) fn goes_on(&mut self, cause: &Cause, now: SystemTime) -> Verdict {
        self.take(cause, now, false)
    }

    fn take(&mut self, cause: &Cause, now: SystemTime, is_event: bool) -> Verdict {
        let Some(trouble) = self.troubles.get_mut(&cause.fingerprint) else {
            self.make_room();
            let trouble = Trouble::new(cause, now);
            self.troubles.insert(cause.fingerprint.clone(), trouble);
            return Verdict::Tell(None);
        };
        if !trouble.is_open {
            trouble.begin_anew(now);
        }
        trouble.seen = trouble.seen.max(now);
        trouble.times += u64::from(is_event);
        (trouble.repeat, trouble.resolve) = (cause.repeat, cause.resolve);
        if now >= trouble.due || cause.severity > trouble.severity {
            let more = trouble.told(cause, now);
            return Verdict::Tell(more);
        }
        if !is_event {
            return Verdict::Known;
        }
        trouble.more += 1;
        trouble.last = Some((cause.message.clone(), cause.details.clone()));
        Verdict::Count(More {
            count: trouble.more,
            since: trouble.told_at,
        })
    }

    /// Ends the troubles of a stage that are about one of `conditions`.
    #[cfg(test)]
    pub(crate) fn end(
        &mut self,
        stage: &str,
        conditions: &[Condition],
        now: SystemTime,
    ) -> Vec<Notice> {
        self.end_of_before(stage, conditions, None, now)
    }

    /// Ends the troubles of a stage that are about one of `conditions`, where `before` is given
    /// those of which nothing was heard since.
    pub(crate) fn end_of_before(
        &mut self,
        stage: &str,
        conditions: &[Condition],
        before: Option<SystemTime>,
        now: SystemTime,
    ) -> Vec<Notice> {
        let prefix = of_stage(stage);
        let mut notices = Vec::new();
        let of_stage = self.troubles.range_mut(prefix.clone()..);
        for (fingerprint, trouble) in of_stage.take_while(|(key, _)| key.starts_with(&prefix)) {
            let is_before = before.is_none_or(|before| trouble.seen <= before);
            if trouble.is_open && is_before && conditions.contains(&trouble.on) {
                trouble.is_open = false;
                trouble.seen = trouble.seen.max(now);
                if trouble.is_said && trouble.resolve {
                    notices.push(trouble.notice(fingerprint));
                    trouble.forget_more();
                }
                // Where nobody is to hear of the end, what is counted is summed up later.
                trouble.is_said = false;
            }
        }
        notices
    }

    /// Sums up what was counted for long enough.
    pub(crate) fn sum_up(&mut self, now: SystemTime) -> Vec<Notice> {
        let mut notices = Vec::new();
        for (fingerprint, trouble) in &mut self.troubles {
            if trouble.more > 0 && now >= trouble.due {
                notices.push(trouble.notice(fingerprint));
                trouble.forget_more();
                trouble.said_at(now);
                trouble.is_said = trouble.is_open;
            }
        }
        notices
    }

    /// What was counted and is not told by now.
    pub(crate) fn untold(&self) -> Vec<Notice> {
        let troubles = self.troubles.iter();
        let untold = troubles.filter(|(_, trouble)| trouble.more > 0);
        untold.map(|(key, trouble)| trouble.notice(key)).collect()
    }

    /// A channel has taken what was told of a trouble.
    #[cfg(any(feature = "__worker", test))]
    pub(crate) fn delivered(&mut self, fingerprint: &str) {
        if let Some(trouble) = self.troubles.get_mut(fingerprint) {
            trouble.is_delivered = true;
        }
    }

    /// A channel has given up what was told: unless another has taken it, nobody knows, and
    /// the next event is told again.
    #[cfg(any(feature = "__worker", test))]
    pub(crate) fn undelivered(&mut self, fingerprint: &str) {
        if let Some(trouble) = self.troubles.get_mut(fingerprint)
            && !trouble.is_delivered
        {
            trouble.is_said = false;
            trouble.hurry(FIRST_PAUSE);
        }
    }

    /// Whether there is a trouble that is not over.
    pub(crate) fn has_open(&self) -> bool {
        self.troubles.values().any(|trouble| trouble.is_open)
    }

    fn make_room(&mut self) {
        while self.troubles.len() >= MOST {
            let quietest = self
                .troubles
                .iter()
                .min_by_key(|(_, trouble)| trouble.seen)
                .map(|(key, _)| key.clone());
            match quietest {
                Some(key) => self.troubles.remove(&key),
                None => return,
            };
        }
    }
}

impl Trouble {
    fn new(cause: &Cause, now: SystemTime) -> Self {
        Self {
            stage: cause.stage.clone(),
            on: cause.on,
            severity: cause.severity,
            channels: cause.channels,
            repeat: cause.repeat,
            resolve: cause.resolve,
            since: now,
            seen: now,
            told_at: now,
            due: later(now, cause.repeat),
            more: 0,
            last: None,
            times: 1,
            is_open: true,
            is_said: true,
            is_back: false,
            returns: 0,
            is_delivered: false,
            message: cause.message.clone(),
            details: cause.details.clone(),
        }
    }

    fn begin_anew(&mut self, now: SystemTime) {
        self.is_open = true;
        // What was well for so long had no part in what begins now.
        let quiet = now.duration_since(self.seen).unwrap_or_default();
        self.is_back = quiet < self.repeat;
        if !self.is_back {
            self.returns = 0;
        }
        if self.more == 0 {
            (self.since, self.times) = (now, 0);
        }
        let doubled = 1_u32.checked_shl(self.returns).unwrap_or(u32::MAX);
        self.hurry(FIRST_PAUSE.saturating_mul(doubled));
    }

    /// Lets the next event be told after `pause`, if it would be later.
    fn hurry(&mut self, pause: Duration) {
        self.due = self.due.min(later(self.told_at, pause));
    }

    fn told(&mut self, cause: &Cause, now: SystemTime) -> Option<More> {
        let more = self.more();
        self.forget_more();
        self.said_at(now);
        self.is_said = true;
        (self.severity, self.channels) = (cause.severity, cause.channels);
        (self.message, self.details) = (cause.message.clone(), cause.details.clone());
        more
    }

    fn said_at(&mut self, now: SystemTime) {
        self.returns = if self.is_back {
            self.returns.saturating_add(1)
        } else {
            0
        };
        self.is_back = false;
        self.told_at = now;
        self.due = later(now, self.repeat);
        self.is_delivered = false;
    }

    fn more(&self) -> Option<More> {
        (self.more > 0).then_some(More {
            count: self.more,
            since: self.told_at,
        })
    }

    fn forget_more(&mut self) {
        self.more = 0;
        if let Some((message, details)) = self.last.take() {
            (self.message, self.details) = (message, details);
        }
    }

    fn notice(&self, fingerprint: &str) -> Notice {
        let (message, details) = match &self.last {
            Some((message, details)) => (message, details),
            None => (&self.message, &self.details),
        };
        Notice {
            fingerprint: fingerprint.to_owned(),
            stage: self.stage.clone(),
            on: self.on,
            severity: self.severity,
            channels: self.channels,
            message: message.clone(),
            details: details.clone(),
            more: self.more(),
            since: self.since,
            times: self.times,
            is_over: !self.is_open,
        }
    }
}

fn later(time: SystemTime, by: Duration) -> SystemTime {
    // What is too far away for a clock does not come.
    let far = Duration::from_secs(100 * 365 * 24 * 3600);
    time.checked_add(by.min(far)).unwrap_or(time)
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
