//! What an alert is raised on.

use crate::spelling::{hint, quoted};

/// What a rule waits for.
///
/// ```
/// use monitor_config::Condition;
///
/// assert_eq!(Condition::parse("slow"), Ok(Condition::Slow));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Condition {
    /// A call failed for good, with an error or a panic.
    Failure,
    /// A call panicked.
    Panic,
    /// A future was dropped before it finished.
    Cancelled,
    /// A call lasts longer than `max_duration`.
    Slow,
    /// A call produced fewer records than `min_records` or more than `max_records`, or some are unaccounted for.
    Records,
    /// The stage has not succeeded for `stale_after`.
    Stale,
    /// More than a share of the stage's calls failed lately.
    ErrorRate,
}

impl Condition {
    /// All of them, in the order in which messages name them.
    ///
    /// ```
    /// assert_eq!(monitor_config::Condition::ALL.len(), 7);
    /// ```
    pub const ALL: [Self; 7] = [
        Self::Failure,
        Self::Panic,
        Self::Cancelled,
        Self::Slow,
        Self::Records,
        Self::Stale,
        Self::ErrorRate,
    ];

    /// Reads the word that attributes and monitor.toml use.
    ///
    /// # Errors
    ///
    /// A message with the choices and the nearest of them.
    ///
    /// ```
    /// let error = monitor_config::Condition::parse("panics").unwrap_err();
    /// assert!(error.starts_with("unknown condition `panics`: did you mean `panic`?"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|condition| condition.as_str() == text)
            .ok_or_else(|| {
                let choices = Self::ALL.map(Self::as_str);
                format!(
                    "unknown condition `{}`{}",
                    quoted(text),
                    hint(text, "conditions", choices)
                )
            })
    }

    /// The word for it.
    ///
    /// ```
    /// assert_eq!(monitor_config::Condition::Failure.as_str(), "failure");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Panic => "panic",
            Self::Cancelled => "cancelled",
            Self::Slow => "slow",
            Self::Records => "records",
            Self::Stale => "stale",
            Self::ErrorRate => "error_rate",
        }
    }
}
