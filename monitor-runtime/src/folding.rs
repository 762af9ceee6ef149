//! From what a rule was met by to what is told: how a desk holds, folds and ends troubles.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use monitor_config::duration::display;
use monitor_config::{Channels, Condition, Rule, Severity};
use serde_json::Value;

#[cfg(feature = "__worker")]
use crate::alerts::Limit;
use crate::alerts::{
    Alert, Cause, Counted, Fold, More, Notice, Passage, Passed, Rates, Verdict, headline,
};
use crate::desk::{AlertDesk, Origin, level};
use crate::failure::ErrorText;
use crate::fields::FieldValue;
use crate::logs::record::{Data, OWN, Record};
use crate::logs::timestamp::Timestamp;

/// How many ends of troubles a call tells itself.
const AT_ONCE: usize = 10;

/// How often the stages succeeded that tell of no success themselves.
pub(crate) type Successes = BTreeMap<&'static str, u64>;

/// What a desk knows of the troubles of its run.
#[derive(Debug, Default)]
pub(crate) struct Folding {
    fold: Mutex<Fold>,
    passage: Mutex<Passage>,
    counted: Mutex<Counted>,
    rates: Mutex<Rates>,
    /// Ends of troubles that are still to be told.
    later: Mutex<Vec<Notice>>,
    successes: Mutex<Option<(SystemTime, Successes)>>,
    #[cfg(feature = "__worker")]
    limit: Mutex<Limit>,
    /// Whether a success may end something: else nobody looks.
    is_troubled: AtomicBool,
    /// Whether the next run is to know more than was kept for it.
    has_changed: AtomicBool,
    /// How much later it is than the clock says, in nanoseconds: a test lets time pass.
    ahead: AtomicU64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An alert that is not told, and why.
struct Suppressed<'a> {
    severity: Severity,
    on: Option<Condition>,
    what: &'a str,
    reason: &'a str,
    count: u64,
    fingerprint: Option<&'a str>,
    origin: Origin,
}

impl AlertDesk {
    /// The time by which alerts are told.
    pub(crate) fn now(&self) -> SystemTime {
        let ahead = Duration::from_nanos(self.folding.ahead.load(Ordering::Relaxed));
        let now = SystemTime::now();
        now.checked_add(ahead).unwrap_or(now)
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        let sum = |ahead: u64| Some(ahead.saturating_add(by));
        let ahead = &self.folding.ahead;
        let _ = ahead.fetch_update(Ordering::Relaxed, Ordering::Relaxed, sum);
    }

    /// Which of `rules` is met by an event that is all of `conditions`: the loudest, and of
    /// equally loud ones the first. One that waits for more events is told of in the log.
    pub(crate) fn met<'r>(
        &self,
        stage: &str,
        rules: impl Iterator<Item = &'r Rule>,
        conditions: &[Condition],
        origin: Origin,
    ) -> Option<Rule> {
        let now = self.now();
        let mut met: Option<Rule> = None;
        let mut waits: Option<(u32, Rule)> = None;
        for rule in rules.filter(|rule| conditions.contains(&rule.on)) {
            if rule.after > 1 {
                let count = lock(&self.folding.counted).event(stage, rule, now);
                self.folding.is_troubled.store(true, Ordering::Relaxed);
                if count < rule.after {
                    waits = Some((count, *rule));
                    continue;
                }
            }
            if met.is_none_or(|met| rule.severity > met.severity) {
                met = Some(*rule);
            }
        }
        if let (None, Some((count, rule))) = (met, waits) {
            let within = rule.within.map_or(" in a row".to_owned(), |within| {
                format!(" within {}", display(within))
            });
            let (on, after) = (rule.on.as_str(), rule.after);
            self.suppressed(&Suppressed {
                severity: rule.severity,
                on: Some(rule.on),
                what: &format!("{stage}: {on} {count} of {after}{within}"),
                reason: "waits for more",
                count: count.into(),
                fingerprint: None,
                origin,
            });
        }
        met
    }

    /// A failure, below which failure `below` may have ended an inner call. Gives what the
    /// call around is to know it by; zero for what nobody is told of.
    pub(crate) fn failed(
        &self,
        below: u64,
        text: &ErrorText,
        cause: Option<Cause>,
        origin: Origin,
    ) -> u64 {
        let now = self.now();
        if below != 0 {
            let passed = lock(&self.folding.passage).pass(below, text, cause.as_ref(), origin, now);
            match passed {
                Passed::Another => self.nobody_passes(below),
                Passed::On => {
                    if let Some(cause) = &cause {
                        self.not_told(cause, "is told by an inner stage", None);
                    }
                    return below;
                }
                Passed::Louder(cause) => {
                    self.tell(&cause);
                    return below;
                }
            }
        }
        let Some(cause) = cause else { return 0 };
        let (id, too_many) = lock(&self.folding.passage).hold(cause, text, now);
        if let Some(cause) = too_many {
            self.tell(&cause);
        }
        id
    }

    /// The call around a failure did not end with it.
    pub(crate) fn nobody_passes(&self, failure: u64) {
        if failure != 0 {
            let cause = lock(&self.folding.passage).end(failure);
            if let Some(cause) = cause {
                self.tell(&cause);
            }
        }
    }

    /// An attempt failed and another follows: the failure of an inner call that it ended with
    /// is none yet.
    pub(crate) fn tried_again(&self, failure: u64, text: &ErrorText) {
        if failure == 0 {
            return;
        }
        let now = self.now();
        let mut passage = lock(&self.folding.passage);
        let is_it = passage.is(failure, text, now);
        let cause = passage.end(failure);
        drop(passage);
        match cause {
            Some(cause) if is_it => self.not_told(&cause, "is tried again", None),
            Some(cause) => self.tell(&cause),
            None => {}
        }
    }

    /// Knows what an earlier run told.
    pub(crate) fn recall(&self, value: &Value) {
        let earlier = Fold::from_json(value, self.now());
        let is_troubled = earlier.has_open();
        self.folding
            .is_troubled
            .store(is_troubled, Ordering::Relaxed);
        *lock(&self.folding.fold) = earlier;
    }

    /// What the next run is to know, if that has changed.
    pub(crate) fn to_remember(&self) -> Option<Value> {
        let has_changed = self.folding.has_changed.swap(false, Ordering::Relaxed);
        has_changed.then(|| lock(&self.folding.fold).to_json(self.now()))
    }

    /// It could not be kept.
    pub(crate) fn remember_again(&self) {
        self.folding.has_changed.store(true, Ordering::Relaxed);
    }

    /// Something that a person is to be told, unless it was told lately.
    pub(crate) fn tell(&self, cause: &Cause) {
        let verdict = lock(&self.folding.fold).event(cause, self.now());
        self.act(cause, verdict);
    }

    /// The same of what is so for as long as it is not ended.
    pub(crate) fn goes_on(&self, cause: &Cause) {
        let verdict = lock(&self.folding.fold).goes_on(cause, self.now());
        self.act(cause, verdict);
    }

    fn act(&self, cause: &Cause, verdict: Verdict) {
        self.folding.is_troubled.store(true, Ordering::Relaxed);
        if verdict != Verdict::Known {
            self.remember_again();
        }
        match verdict {
            Verdict::Known => {}
            Verdict::Count(more) => self.not_told(cause, "was told lately", Some(more)),
            Verdict::Tell(more) => {
                let (mut message, mut details) = (cause.message.clone(), cause.details.clone());
                if let Some(more) = more {
                    message = format!("{message} ({})", counted(more));
                    details["repeated"] = more.count.into();
                    details["since"] = Timestamp::of(more.since).to_string().into();
                }
                let alert = Alert {
                    fingerprint: cause.fingerprint.clone(),
                    channels: names(cause.channels),
                    ..self.alert(cause.severity, &message, details)
                };
                self.say_within_limit(alert, cause.origin);
            }
        }
    }

    /// What is about one of `conditions` is over in a stage.
    pub(crate) fn went_well(&self, stage: &str, conditions: &[Condition]) {
        self.went_well_since(stage, conditions, None);
    }

    /// The same of that of which nothing was heard since then: of a success it is known only that
    /// it came later.
    pub(crate) fn went_well_since(
        &self,
        stage: &str,
        conditions: &[Condition],
        since: Option<SystemTime>,
    ) {
        if !self.folding.is_troubled.load(Ordering::Relaxed) {
            return;
        }
        let now = self.now();
        let mut counted = lock(&self.folding.counted);
        if since.is_none() {
            counted.went_well(stage, conditions);
        }
        let mut fold = lock(&self.folding.fold);
        let notices = fold.end_of_before(stage, conditions, since, now);
        let is_troubled = !counted.is_empty() || fold.has_open();
        self.folding
            .is_troubled
            .store(is_troubled, Ordering::Relaxed);
        drop((counted, fold));
        self.remember_again();
        // Who ends many does not have to wait until all of that is told.
        let at_once = notices.len().min(AT_ONCE);
        let (now, later) = notices.split_at(at_once);
        lock(&self.folding.later).extend_from_slice(later);
        for notice in now {
            self.notify(notice);
        }
    }

    /// The successes of stages by which the end of a trouble is noticed, and when they were
    /// looked at; gives what they were before.
    pub(crate) fn see_successes(&self, successes: Successes) -> Option<(SystemTime, Successes)> {
        let now = self.now();
        lock(&self.folding.successes).replace((now, successes))
    }

    /// Tells what was held or counted for long enough. Called about once a second.
    pub(crate) fn look_at_the_time(&self) {
        let now = self.now();
        let held = lock(&self.folding.passage).overdue(now);
        for cause in held {
            self.tell(&cause);
        }
        let mut notices = std::mem::take(&mut *lock(&self.folding.later));
        notices.extend(lock(&self.folding.fold).sum_up(now));
        for notice in notices {
            self.remember_again();
            self.notify(&notice);
        }
        self.sum_up_storm(false);
    }

    /// Tells what is held at the end of a run, and gives how many events were counted and not
    /// told.
    pub(crate) fn settle(&self) -> u64 {
        let held = lock(&self.folding.passage).drain();
        for cause in held {
            self.tell(&cause);
        }
        self.look_at_the_time();
        self.sum_up_storm(true);
        let untold = lock(&self.folding.fold).untold();
        let mut events = 0;
        for notice in &untold {
            let count = notice.more.map_or(0, |more| more.count);
            events += count;
            self.suppressed(&Suppressed {
                severity: notice.severity,
                on: Some(notice.on),
                what: &notice.words(),
                reason: "the run ends",
                count,
                fingerprint: Some(&notice.fingerprint),
                origin: Origin::default(),
            });
        }
        events
    }

    /// Tells that something is over, or what was counted of it.
    fn notify(&self, notice: &Notice) {
        let mut details = notice.details.clone();
        if let Some(more) = notice.more {
            details["repeated"] = more.count.into();
        }
        details["since"] = Timestamp::of(notice.since).to_string().into();
        details["times"] = notice.times.into();
        let alert = Alert {
            fingerprint: notice.fingerprint.clone(),
            channels: names(notice.channels),
            resolved: notice.is_over,
            ..self.alert(notice.severity, &notice.words(), details)
        };
        self.say_within_limit(alert, Origin::default());
    }

    fn not_told(&self, cause: &Cause, reason: &str, more: Option<More>) {
        self.suppressed(&Suppressed {
            severity: cause.severity,
            on: Some(cause.on),
            what: &cause.message,
            reason,
            count: more.map_or(0, |more| more.count),
            fingerprint: Some(&cause.fingerprint),
            origin: cause.origin,
        });
    }

    /// The line of an alert that is not told.
    fn suppressed(&self, alert: &Suppressed<'_>) {
        let mut data = vec![("reason", FieldValue::text(alert.reason))];
        let on = alert.on.map(Condition::as_str);
        data.extend(on.map(|on| ("on", FieldValue::text(on))));
        if alert.count > 0 {
            data.push(("count", FieldValue::U64(alert.count)));
        }
        let fingerprint = alert.fingerprint.map(FieldValue::text);
        data.extend(fingerprint.map(|text| ("fingerprint", text)));
        let said = headline(alert.severity, alert.what);
        let message = format!(
            "not told again: {said}",
            said = said.trim_start_matches("🚨 ")
        );
        let record = Record {
            message: &message,
            ..Record::new(
                level(alert.severity),
                "alert.suppressed",
                Data::Fields(&data, &[]),
            )
        };
        self.log().emit(OWN, &record.from(alert.origin));
        self.note_suppressed(alert.fingerprint, alert.what, alert.reason);
    }

    /// The error rates of a run.
    pub(crate) fn rates(&self) -> MutexGuard<'_, Rates> {
        lock(&self.folding.rates)
    }

    /// What the channels were given.
    #[cfg(feature = "__worker")]
    pub(crate) fn limit(&self) -> MutexGuard<'_, Limit> {
        lock(&self.folding.limit)
    }

    /// The line of an alert that no channel may have now: nobody has heard of it.
    #[cfg(feature = "__worker")]
    pub(crate) fn held_back(&self, alert: &Alert, origin: Origin) {
        Self::delivery(&self.folding, &alert.fingerprint, false);
        self.suppressed(&Suppressed {
            severity: alert.severity,
            on: None,
            what: &alert.message,
            reason: "the channels had too many",
            count: 0,
            fingerprint: Some(&alert.fingerprint),
            origin,
        });
    }

    /// A channel has taken what was told of a trouble, or has given it up.
    #[cfg(feature = "__worker")]
    pub(crate) fn delivery(folding: &Folding, fingerprint: &str, is_delivered: bool) {
        let mut fold = lock(&folding.fold);
        if is_delivered {
            fold.delivered(fingerprint);
        } else {
            fold.undelivered(fingerprint);
        }
        folding.has_changed.store(true, Ordering::Relaxed);
    }
}

impl Notice {
    fn words(&self) -> String {
        let Self { stage, message, .. } = self;
        let more = self.more.map(counted);
        if !self.is_over {
            let more = more.unwrap_or_default();
            return format!("{stage}: {more}, last: {message}");
        }
        let what = match self.on {
            Condition::Slow => "is in time again",
            Condition::Records => "has the expected records again",
            Condition::ErrorRate => "has fewer errors again",
            _ => "succeeds again",
        };
        let more = more.map_or(String::new(), |more| format!(", {more}"));
        format!("{stage} {what}, after: {message}{more}")
    }
}

/// `17 more since 12:04 UTC`
fn counted(more: More) -> String {
    let since = Timestamp::of(more.since).to_string();
    let clock = since.get(11..16).unwrap_or_default();
    format!("{} more since {clock} UTC", more.count)
}

fn names(channels: Channels) -> Vec<String> {
    channels.iter().map(str::to_owned).collect()
}
