//! How many alerts a channel is given: in a storm of different troubles nobody reads each of them.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use monitor_config::Severity;

/// So many at once after a silence.
const BURST: u32 = 20;

/// And then one in this time.
const EVERY: Duration = Duration::from_secs(60);

/// What a channel was given of one severity: critical alerts are not held back by others.
#[derive(Debug)]
struct Given {
    /// When everything that was given is paid for.
    paid_at: SystemTime,
    held_back: u64,
    last: String,
}

/// What all channels were given.
#[derive(Debug, Default)]
pub(crate) struct Limit {
    given: BTreeMap<(String, Severity), Given>,
}

/// What a channel was not given.
#[derive(Debug, PartialEq)]
pub(crate) struct HeldBack {
    pub(crate) channel: String,
    pub(crate) severity: Severity,
    pub(crate) count: u64,
    /// The words of the last.
    pub(crate) last: String,
}

impl Limit {
    /// Whether a channel is given an alert that says `words`. One that it is not given is
    /// counted.
    pub(crate) fn gives(
        &mut self,
        channel: &str,
        severity: Severity,
        words: &str,
        now: SystemTime,
    ) -> bool {
        let key = (channel.to_owned(), severity);
        let given = self.given.entry(key).or_insert_with(|| Given {
            paid_at: now,
            held_back: 0,
            last: String::new(),
        });
        if given.may_have(BURST, now) {
            given.spend(now);
            return true;
        }
        given.held_back += 1;
        words.clone_into(&mut given.last);
        false
    }

    /// What was held back from channels that may have more by now. Half of what they may have
    /// has to be free, or a storm would be summed up again and again.
    pub(crate) fn sum_up(&mut self, now: SystemTime) -> Vec<HeldBack> {
        self.take(|given| given.may_have(BURST / 2, now), now)
    }

    /// All that was held back.
    pub(crate) fn drain(&mut self, now: SystemTime) -> Vec<HeldBack> {
        self.take(|_| true, now)
    }

    fn take(&mut self, is_time: impl Fn(&mut Given) -> bool, now: SystemTime) -> Vec<HeldBack> {
        let held = self.given.iter_mut();
        let held = held.filter_map(|(key, given)| {
            (given.held_back > 0 && is_time(given)).then_some((key, given))
        });
        held.map(|((channel, severity), given)| {
            given.spend(now);
            HeldBack {
                channel: channel.clone(),
                severity: *severity,
                count: std::mem::take(&mut given.held_back),
                last: std::mem::take(&mut given.last),
            }
        })
        .collect()
    }
}

impl Given {
    fn may_have(&mut self, burst: u32, now: SystemTime) -> bool {
        // A clock that went back owes no more than it could have.
        let most = now.checked_add(EVERY * BURST).unwrap_or(now);
        self.paid_at = self.paid_at.min(most);
        let owed = self.paid_at.duration_since(now).unwrap_or_default();
        owed + EVERY <= EVERY * burst
    }

    fn spend(&mut self, now: SystemTime) {
        let most = now.checked_add(EVERY * (BURST - 1)).unwrap_or(now);
        self.paid_at = self.paid_at.max(now).min(most) + EVERY;
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_770_000_000 + seconds)
    }

    #[test]
    fn a_storm_is_cut_and_what_is_held_back_is_summed_up_later() {
        let mut limit = Limit::default();
        let mut gives = |second| limit.gives("slack", Severity::Warning, "words", at(second));
        let given = (0..100).filter(|_| gives(0)).count();
        assert_eq!(given, 20);
        assert!(!gives(59) && gives(60) && !gives(61));
        assert_eq!(limit.sum_up(at(300)), []);
        let held = limit.sum_up(at(1_000));
        assert_eq!(held.len(), 1);
        assert_eq!((held[0].count, held[0].last.as_str()), (82, "words"));
        assert_eq!(limit.sum_up(at(1_000)), []);
    }

    #[test]
    fn severities_and_channels_hold_each_other_back_in_no_way() {
        let mut limit = Limit::default();
        for _ in 0..30 {
            limit.gives("slack", Severity::Warning, "", at(0));
        }
        assert!(limit.gives("slack", Severity::Critical, "", at(0)));
        assert!(limit.gives("email", Severity::Warning, "", at(0)));
        assert_eq!(limit.drain(at(0)).len(), 1);
    }

    #[test]
    fn a_clock_that_goes_back_holds_nothing_back_for_ever() {
        let mut limit = Limit::default();
        for _ in 0..30 {
            limit.gives("slack", Severity::Warning, "", at(1_000_000));
        }
        assert!(!limit.gives("slack", Severity::Warning, "", at(0)));
        let later =
            (0..40).filter(|minute| limit.gives("slack", Severity::Warning, "", at(60 * minute)));
        assert!(later.count() > 0);
    }
}
