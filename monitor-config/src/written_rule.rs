//! A rule as it was written, in an attribute or in monitor.toml: which of its keys do not go together.

use std::time::Duration;

use crate::{Channels, Condition, Rule, Severity};

/// The most events that a rule can wait for.
const MOST: u32 = 1000;

/// The keys of a rule as far as they were written.
///
/// ```
/// use monitor_config::{Condition, Severity, WrittenRule};
///
/// let written = WrittenRule { after: Some(0), ..WrittenRule::default() };
/// let mistakes = written.check(Condition::Failure, Severity::Warning).unwrap_err();
/// assert_eq!(mistakes[0].0, "after");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WrittenRule {
    /// Its channels.
    pub channels: Channels,
    /// `after`
    pub after: Option<u32>,
    /// `within`
    pub within: Option<Duration>,
    /// `repeat`
    pub repeat: Option<Duration>,
    /// `resolve`
    pub resolve: Option<bool>,
    /// `above`
    pub above: Option<f64>,
    /// `min_calls`
    pub min_calls: Option<u64>,
}

impl WrittenRule {
    /// The rule.
    ///
    /// # Errors
    ///
    /// Each mistake, with the key that it is at; `on` for a key that is missing.
    ///
    /// ```
    /// use monitor_config::{Condition, Rule, Severity, WrittenRule};
    ///
    /// let rule = WrittenRule::default().check(Condition::Slow, Severity::Critical);
    /// assert_eq!(rule, Ok(Rule::new(Condition::Slow, Severity::Critical)));
    /// ```
    pub fn check(
        &self,
        on: Condition,
        severity: Severity,
    ) -> Result<Rule, Vec<(&'static str, String)>> {
        let mistakes = if on == Condition::ErrorRate {
            self.mistakes_of_a_rate()
        } else {
            self.mistakes_of_events(on)
        };
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let default = Rule::new(on, severity);
        Ok(Rule {
            channels: self.channels,
            after: self.after.unwrap_or(default.after),
            within: self.within,
            repeat: self.repeat.unwrap_or(default.repeat),
            resolve: self.resolve.unwrap_or(default.resolve),
            above: self.above.unwrap_or(default.above),
            min_calls: self.min_calls.unwrap_or(default.min_calls),
            ..default
        })
    }

    fn mistakes_of_a_rate(&self) -> Vec<(&'static str, String)> {
        let mut mistakes = Vec::new();
        let mut mistake = |key, message: &str| mistakes.push((key, message.to_owned()));
        if self.after.is_some() {
            mistake(
                "after",
                "an error rate is of many calls already: leave `after` out, or write `min_calls = 20` for a least number of them",
            );
        }
        match self.above {
            None => mistake(
                "on",
                "an error rate needs the share that is too much: add `above = 0.2`",
            ),
            Some(above) if above >= 1.0 => mistake(
                "above",
                "more than all calls can never fail: write a share below 1, such as `above = 0.2` for 20 %",
            ),
            Some(above) if above > 0.0 => {}
            Some(_) => mistake(
                "above",
                "the share must be above 0: write one such as `above = 0.2`, or `on = \"failure\"` for each failure",
            ),
        }
        if self.within.is_none() {
            mistake(
                "on",
                "an error rate needs the time that it is of: add `within = \"10m\"`",
            );
        }
        if self.min_calls == Some(0) {
            mistake(
                "min_calls",
                "a share of no calls is none: write `min_calls = 20`, or leave it out for 10",
            );
        }
        mistakes
    }

    fn mistakes_of_events(&self, on: Condition) -> Vec<(&'static str, String)> {
        let mut mistakes = Vec::new();
        let mut mistake = |key, message: String| mistakes.push((key, message));
        for (key, is_given) in [
            ("above", self.above.is_some()),
            ("min_calls", self.min_calls.is_some()),
        ] {
            if is_given {
                mistake(
                    key,
                    format!(
                        "`{key}` is about a share of calls: write `on = \"error_rate\"`, or leave it out"
                    ),
                );
            }
        }
        let is_stale = on == Condition::Stale;
        match self.after {
            Some(_) if is_stale => mistake(
                "after",
                "a stage that is stale is so once, until it succeeds: leave `after` out".to_owned(),
            ),
            Some(0) => mistake(
                "after",
                "`after = 0` would alert before anything happened: write `after = 3` for the third time, or leave it out for each".to_owned(),
            ),
            Some(after) if after > MOST => {
                mistake("after", format!("`after` is too large: at most {MOST}"));
            }
            _ => {}
        }
        if self.within.is_some() {
            match self.after {
                _ if is_stale => mistake(
                    "within",
                    "when a stage is stale is said by `stale_after`: leave `within` out".to_owned(),
                ),
                None => mistake(
                    "within",
                    "`within` needs to know how many: add `after = 3`".to_owned(),
                ),
                Some(1) => mistake(
                    "within",
                    "`after = 1` is met at once, so that `within` says nothing: write `after = 3`, or leave both out".to_owned(),
                ),
                Some(_) => {}
            }
        }
        mistakes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(on: Condition, written: WrittenRule) -> Vec<&'static str> {
        let checked = written.check(on, Severity::Warning);
        let mistakes = checked.err().unwrap_or_default();
        mistakes.into_iter().map(|(key, _)| key).collect()
    }

    #[test]
    fn each_rule_that_cannot_fire_is_told_at_its_key() {
        let none = WrittenRule::default();
        let within = Some(Duration::from_secs(600));
        for (on, written, expected) in [
            (Condition::Failure, none, &[] as &[&str]),
            (
                Condition::Failure,
                WrittenRule {
                    after: Some(0),
                    ..none
                },
                &["after"],
            ),
            (
                Condition::Failure,
                WrittenRule {
                    after: Some(1),
                    ..none
                },
                &[],
            ),
            (
                Condition::Failure,
                WrittenRule {
                    after: Some(1),
                    within,
                    ..none
                },
                &["within"],
            ),
            (
                Condition::Failure,
                WrittenRule {
                    after: Some(3),
                    within,
                    ..none
                },
                &[],
            ),
            (
                Condition::Failure,
                WrittenRule {
                    after: Some(1001),
                    within,
                    ..none
                },
                &["after"],
            ),
            (
                Condition::Failure,
                WrittenRule { within, ..none },
                &["within"],
            ),
            (
                Condition::Slow,
                WrittenRule {
                    above: Some(0.5),
                    min_calls: Some(1),
                    ..none
                },
                &["above", "min_calls"],
            ),
            (
                Condition::Stale,
                WrittenRule {
                    after: Some(3),
                    within,
                    ..none
                },
                &["after", "within"],
            ),
            (Condition::ErrorRate, none, &["on", "on"]),
            (
                Condition::ErrorRate,
                WrittenRule {
                    above: Some(0.2),
                    within,
                    ..none
                },
                &[],
            ),
            (
                Condition::ErrorRate,
                WrittenRule {
                    above: Some(1.0),
                    within,
                    ..none
                },
                &["above"],
            ),
            (
                Condition::ErrorRate,
                WrittenRule {
                    above: Some(0.0),
                    within,
                    ..none
                },
                &["above"],
            ),
            (
                Condition::ErrorRate,
                WrittenRule {
                    above: Some(f64::NAN),
                    within,
                    ..none
                },
                &["above"],
            ),
            (
                Condition::ErrorRate,
                WrittenRule {
                    above: Some(0.2),
                    within,
                    after: Some(2),
                    min_calls: Some(0),
                    ..none
                },
                &["after", "min_calls"],
            ),
        ] {
            assert_eq!(keys(on, written), expected, "{on:?} {written:?}");
        }
    }
}
