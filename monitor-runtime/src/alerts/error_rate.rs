//! The share of a stage's calls that failed lately.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, SystemTime};

use monitor_config::Rule;

/// Into how many parts the time of a rule is cut: a call counts for that much longer at most.
const PARTS: u32 = 30;

/// How many calls a stage had at one moment, and how many of them failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Calls {
    pub(crate) all: u64,
    pub(crate) failed: u64,
}

/// What the stages had at earlier moments.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    seen: BTreeMap<(String, Duration), VecDeque<(SystemTime, Calls)>>,
}

impl Rates {
    /// The calls of a stage within the time of `rule` up to now, which had `calls` in all.
    pub(crate) fn lately(
        &mut self,
        stage: &str,
        rule: &Rule,
        calls: Calls,
        now: SystemTime,
    ) -> Calls {
        let within = rule.within.unwrap_or(Duration::MAX);
        let age = |at: &SystemTime| now.duration_since(*at).unwrap_or_default();
        let seen = self.seen.entry((stage.to_owned(), within)).or_default();
        // A stage of which nothing was known had no calls in this run.
        if seen.is_empty() {
            seen.push_back((now, Calls::default()));
        }
        // The last moment that is old enough is what the time is counted from.
        while seen.get(1).is_some_and(|(at, _)| age(at) >= within) {
            seen.pop_front();
        }
        let before = seen.front().map_or(Calls::default(), |(_, calls)| *calls);
        // The latest moment is always known, those before it in parts.
        let last_but_one = seen.len().checked_sub(2).and_then(|index| seen.get(index));
        let is_near = last_but_one.is_some_and(|(at, _)| age(at) < within / PARTS);
        match seen.back_mut().filter(|_| is_near) {
            Some(last) => *last = (now, calls),
            None => seen.push_back((now, calls)),
        }
        Calls {
            all: calls.all.saturating_sub(before.all),
            failed: calls.failed.saturating_sub(before.failed),
        }
    }

    /// What counts from now on, for a process that had a run before.
    pub(crate) fn begin(&mut self, stage: &str, rule: &Rule, calls: Calls, now: SystemTime) {
        let within = rule.within.unwrap_or(Duration::MAX);
        let seen = self.seen.entry((stage.to_owned(), within)).or_default();
        if seen.is_empty() {
            seen.push_back((now, calls));
        }
    }
}

impl Calls {
    /// Whether more of them failed than `rule` lets pass.
    pub(crate) fn are_too_bad(self, rule: &Rule) -> bool {
        self.all >= rule.min_calls.max(1) && self.share() > rule.above
    }

    /// The share that failed, from 0 to 1.
    pub(crate) fn share(self) -> f64 {
        if self.all == 0 {
            return 0.0;
        }
        self.failed as f64 / self.all as f64
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use monitor_config::{Condition, Severity};

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn rule() -> Rule {
        Rule::new(Condition::ErrorRate, Severity::Warning)
            .within(600, 0)
            .above(0.2, 10)
    }

    #[test]
    fn a_share_is_of_enough_calls_and_above_the_limit() {
        for (all, failed, is_bad) in [
            (0, 0, false),
            (1, 1, false),
            (9, 9, false),
            (10, 2, false),
            (10, 3, true),
            (1_000, 200, false),
            (1_000, 201, true),
        ] {
            let calls = Calls { all, failed };
            assert_eq!(calls.are_too_bad(&rule()), is_bad, "{failed} of {all}");
        }
    }

    #[test]
    fn calls_count_for_as_long_as_the_rule_says() {
        let mut rates = Rates::default();
        rates.begin("A", &rule(), Calls::default(), at(0));
        let mut lately = |seconds, all, failed| {
            let calls = rates.lately("A", &rule(), Calls { all, failed }, at(seconds));
            (calls.all, calls.failed)
        };
        assert_eq!(lately(20, 5, 5), (5, 5));
        assert_eq!(lately(300, 10, 5), (10, 5));
        assert_eq!(lately(599, 20, 6), (20, 6));
        // The five of the beginning, which all failed, are too old.
        assert_eq!(lately(899, 30, 6), (25, 1));
        assert_eq!(lately(900, 30, 6), (20, 1));
        assert_eq!(lately(5_000, 30, 6), (0, 0));
    }

    #[test]
    fn few_moments_are_kept_however_often_it_is_asked() {
        let mut rates = Rates::default();
        for second in 0..10_000 {
            let calls = Calls {
                all: second,
                failed: 0,
            };
            let lately = rates.lately("A", &rule(), calls, at(second)).all;
            assert!(second < 700 || (600..=620).contains(&lately), "{lately}");
        }
        let most = rates.seen.values().map(VecDeque::len).max();
        assert!(most <= Some(PARTS as usize + 4), "{most:?}");
    }
}
