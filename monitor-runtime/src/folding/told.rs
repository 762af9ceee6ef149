//! What is told: at once, again while it goes on, and at the end of a run.

use std::sync::atomic::Ordering;

use monitor_config::{Channels, Condition};

use super::lock;
use super::not_told::Suppressed;
use crate::alerts::{Alert, Cause, More, Notice, Verdict};
use crate::desk::{AlertDesk, Origin};
use crate::logs::timestamp::Timestamp;

impl AlertDesk {
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
    pub(super) fn notify(&self, notice: &Notice) {
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
