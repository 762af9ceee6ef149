//! How often the events came that a rule waits for several of.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

use monitor_config::{Condition, Rule};

/// What tells the events of one rule from those of others.
type Key = (String, Condition, u32, Option<Duration>);

/// The times of the last events of each stage and rule.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    times: HashMap<Key, VecDeque<SystemTime>>,
}

impl Counted {
    /// Counts an event of `stage` that `rule` is about, and tells how many there are now:
    /// as many as it waits for, or more that are to come.
    pub(crate) fn event(&mut self, stage: &str, rule: &Rule, now: SystemTime) -> u32 {
        let key = (stage.to_owned(), rule.on, rule.after, rule.within);
        let times = self.times.entry(key).or_default();
        if let Some(within) = rule.within {
            let is_over = |at: &SystemTime| now.duration_since(*at).unwrap_or_default() >= within;
            while times.front().is_some_and(is_over) {
                times.pop_front();
            }
        }
        times.push_back(now);
        // More than it waits for need not be known.
        if times.len() > rule.after as usize {
            times.pop_front();
        }
        u32::try_from(times.len()).unwrap_or(u32::MAX)
    }

    /// It went well: events that have to follow each other begin anew.
    pub(crate) fn went_well(&mut self, stage: &str, conditions: &[Condition]) {
        self.times.retain(|(of, on, _, within), _| {
            of != stage || within.is_some() || !conditions.contains(on)
        });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.times.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use monitor_config::Severity;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn events_count_that_lie_within_the_time() {
        let rule = Rule::new(Condition::Failure, Severity::Warning)
            .after(3)
            .within(600, 0);
        let mut counted = Counted::default();
        let mut event = |seconds| counted.event("A", &rule, at(seconds));
        assert_eq!([0, 300, 599].map(&mut event), [1, 2, 3]);
        assert_eq!(event(600), 3);
        assert_eq!(event(5_000), 1);
        counted.went_well("A", &[Condition::Failure]);
        assert_eq!(counted.event("A", &rule, at(5_001)), 2);
        assert_eq!(counted.event("B", &rule, at(5_001)), 1);
    }

    #[test]
    fn without_a_time_they_count_until_it_goes_well() {
        let rule = Rule::new(Condition::Failure, Severity::Warning).after(3);
        let mut counted = Counted::default();
        assert_eq!(counted.event("A", &rule, at(0)), 1);
        assert_eq!(counted.event("A", &rule, at(1_000_000)), 2);
        counted.went_well("B", &[Condition::Failure]);
        counted.went_well("A", &[Condition::Slow]);
        assert_eq!(counted.event("A", &rule, at(1_000_001)), 3);
        counted.went_well("A", &[Condition::Failure]);
        assert!(counted.is_empty());
        assert_eq!(counted.event("A", &rule, at(1_000_002)), 1);
    }

    #[test]
    fn no_more_times_are_kept_than_the_rule_needs() {
        let rule = Rule::new(Condition::Failure, Severity::Warning).after(3);
        let mut counted = Counted::default();
        let counts = (0..1_000).map(|second| counted.event("A", &rule, at(second)));
        assert_eq!(counts.max(), Some(3));
        assert_eq!(counted.times.values().map(VecDeque::len).max(), Some(3));
    }
}
