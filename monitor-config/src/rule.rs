//! When an alert is raised, at which severity, and how often it is told.

use std::time::Duration;

use crate::duration::display;
use crate::{Channels, Condition, Severity};

/// One rule: `alert(on = "slow", level = "critical")`.
///
/// ```
/// use monitor_config::{Condition, Rule, Severity};
///
/// const RULE: Rule = Rule::new(Condition::Failure, Severity::Critical).after(3).within(600, 0);
/// assert_eq!(RULE.describe(), "critical on the 3rd failure within 10 min");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// What raises the alert.
    pub on: Condition,
    /// The severity that it has then.
    pub severity: Severity,
    /// Where it goes; none for the route of its severity.
    pub channels: Channels,
    /// At which of several events it is raised: 1 for each.
    pub after: u32,
    /// The time in which these lie, or over which the calls are counted of which a share failed. Without it, events
    /// count that follow each other without a success in between.
    pub within: Option<Duration>,
    /// How often it is told again while the trouble goes on.
    pub repeat: Duration,
    /// Whether it is told when the trouble is over.
    pub resolve: bool,
    /// The share of failed calls that is too many, for [`Condition::ErrorRate`].
    pub above: f64,
    /// Of how many calls at least there must be a share.
    pub min_calls: u64,
}

impl Rule {
    /// How often a trouble is told again unless said otherwise.
    ///
    /// ```
    /// assert_eq!(monitor_config::Rule::REPEAT.as_secs(), 4 * 3600);
    /// ```
    pub const REPEAT: Duration = Duration::from_secs(4 * 3600);

    /// The fewest calls that have an error rate unless said otherwise.
    ///
    /// ```
    /// assert_eq!(monitor_config::Rule::MIN_CALLS, 10);
    /// ```
    pub const MIN_CALLS: u64 = 10;

    /// A rule with the defaults of all other keys.
    ///
    /// ```
    /// use monitor_config::{Condition, Rule, Severity};
    ///
    /// let rule = Rule::new(Condition::Slow, Severity::Warning);
    /// assert_eq!((rule.after, rule.repeat, rule.resolve), (1, Rule::REPEAT, true));
    /// ```
    #[must_use]
    pub const fn new(on: Condition, severity: Severity) -> Self {
        Self {
            on,
            severity,
            channels: Channels::NONE,
            after: 1,
            within: None,
            repeat: Self::REPEAT,
            resolve: true,
            above: 1.0,
            min_calls: Self::MIN_CALLS,
        }
    }

    /// With `channel`.
    ///
    /// ```
    /// use monitor_config::{Channels, Condition, Rule, Severity};
    ///
    /// let slack = Channels::of(&["slack"]);
    /// assert_eq!(Rule::new(Condition::Slow, Severity::Warning).channels(slack).channels, slack);
    /// ```
    #[must_use]
    pub const fn channels(mut self, channels: Channels) -> Self {
        self.channels = channels;
        self
    }

    /// With `after`.
    ///
    /// ```
    /// use monitor_config::{Condition, Rule, Severity};
    ///
    /// assert_eq!(Rule::new(Condition::Slow, Severity::Warning).after(3).after, 3);
    /// ```
    #[must_use]
    pub const fn after(mut self, after: u32) -> Self {
        self.after = after;
        self
    }

    /// With `within`, in seconds and nanoseconds.
    ///
    /// ```
    /// use monitor_config::{Condition, Rule, Severity};
    ///
    /// let rule = Rule::new(Condition::Slow, Severity::Warning).within(600, 0);
    /// assert_eq!(rule.within.map(|within| within.as_secs()), Some(600));
    /// ```
    #[must_use]
    pub const fn within(mut self, seconds: u64, nanos: u32) -> Self {
        self.within = Some(Duration::new(seconds, nanos));
        self
    }

    /// With `repeat`, in seconds and nanoseconds.
    ///
    /// ```
    /// use monitor_config::{Condition, Rule, Severity};
    ///
    /// let rule = Rule::new(Condition::Slow, Severity::Warning).repeat(60, 0);
    /// assert_eq!(rule.repeat.as_secs(), 60);
    /// ```
    #[must_use]
    pub const fn repeat(mut self, seconds: u64, nanos: u32) -> Self {
        self.repeat = Duration::new(seconds, nanos);
        self
    }

    /// With `resolve`.
    ///
    /// ```
    /// use monitor_config::{Condition, Rule, Severity};
    ///
    /// assert!(!Rule::new(Condition::Slow, Severity::Warning).resolve(false).resolve);
    /// ```
    #[must_use]
    pub const fn resolve(mut self, resolve: bool) -> Self {
        self.resolve = resolve;
        self
    }

    /// With `above` and `min_calls`.
    ///
    /// ```
    /// use monitor_config::{Condition, Rule, Severity};
    ///
    /// let rule = Rule::new(Condition::ErrorRate, Severity::Warning).above(0.2, 20);
    /// assert_eq!((rule.above, rule.min_calls), (0.2, 20));
    /// ```
    #[must_use]
    pub const fn above(mut self, above: f64, min_calls: u64) -> Self {
        self.above = above;
        self.min_calls = min_calls;
        self
    }

    /// Whether two rules wait for the same, so that one of them is too many.
    ///
    /// ```
    /// use monitor_config::{Condition, Rule, Severity};
    ///
    /// let each = Rule::new(Condition::Failure, Severity::Warning);
    /// assert!(each.waits_as(&Rule::new(Condition::Failure, Severity::Critical)));
    /// assert!(!each.waits_as(&each.after(3)));
    /// ```
    #[must_use]
    pub fn waits_as(&self, other: &Self) -> bool {
        self.on == other.on
            && self.after == other.after
            && self.within == other.within
            && self.above == other.above
    }

    /// The rule in a few words, as a function's documentation has it.
    ///
    /// ```
    /// use monitor_config::{Condition, Rule, Severity};
    ///
    /// let describe = |on| Rule::new(on, Severity::Critical).describe();
    /// assert_eq!(describe(Condition::Failure), "critical");
    /// assert_eq!(describe(Condition::Slow), "critical on slow");
    /// ```
    #[must_use]
    pub fn describe(&self) -> String {
        let severity = self.severity.as_str().to_lowercase();
        let within = self.within.map_or(String::new(), |within| {
            format!(" within {}", display(within))
        });
        match self.on {
            Condition::ErrorRate => format!(
                "{severity} on an error rate above {} %{within}",
                self.above * 100.0
            ),
            on if self.after > 1 => {
                let row = if self.within.is_none() {
                    " in a row"
                } else {
                    ""
                };
                format!(
                    "{severity} on the {} {}{row}{within}",
                    nth(self.after),
                    on.as_str()
                )
            }
            Condition::Failure => severity,
            on => format!("{severity} on {}", on.as_str()),
        }
    }
}

/// `3rd`
fn nth(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
