//! How much a log line matters, and how much an alert does.

use std::fmt;

use crate::spelling::{hint, quoted};

/// The level of a log line, or [`Off`](Level::Off) for none at all.
///
/// ```
/// use monitor_config::Level;
///
/// assert_eq!(Level::parse("warn"), Ok(Level::Warning));
/// assert!(Level::Info < Level::Error);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// The finest detail.
    Trace,
    /// Detail for developers.
    Debug,
    /// The ordinary course of a run.
    Info,
    /// Something that a person should look at.
    Warning,
    /// A failure.
    Error,
    /// No line.
    Off,
}

impl Level {
    /// Reads `trace`, `debug`, `info`, `warn` or `warning`, `error` or `off`, in any case.
    ///
    /// # Errors
    ///
    /// A message with the choices and the nearest of them.
    ///
    /// ```
    /// assert_eq!(
    ///     monitor_config::Level::parse("eror").unwrap_err(),
    ///     "unknown level `eror`: did you mean `error`? \
    ///      (levels: `trace`, `debug`, `info`, `warning`, `error`, `off`)"
    /// );
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(match text.to_ascii_lowercase().as_str() {
            "trace" => Self::Trace,
            "debug" => Self::Debug,
            "info" => Self::Info,
            "warn" | "warning" => Self::Warning,
            "error" => Self::Error,
            "off" => Self::Off,
            _ => {
                let choices = ["trace", "debug", "info", "warning", "error", "off"];
                return Err(format!(
                    "unknown level `{}`{}",
                    quoted(text),
                    hint(text, "levels", choices)
                ));
            }
        })
    }

    /// The level as log lines print it, such as `WARNING`.
    ///
    /// ```
    /// assert_eq!(monitor_config::Level::Warning.as_str(), "WARNING");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Off => "OFF",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How urgent an alert is; it decides the channels that the alert takes.
///
/// ```
/// use monitor_config::Severity;
///
/// assert_eq!(Severity::parse("critical"), Ok(Severity::Critical));
/// assert!(Severity::Warning < Severity::Critical);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth a look today.
    Warning,
    /// Worth waking someone.
    Critical,
}

impl Severity {
    /// Reads `info`, `warning` or `critical`, in any case.
    ///
    /// # Errors
    ///
    /// A message with the choices and the nearest of them.
    ///
    /// ```
    /// assert_eq!(
    ///     monitor_config::Severity::parse("crtical").unwrap_err(),
    ///     "unknown severity `crtical`: did you mean `critical`? \
    ///      (severities: `info`, `warning`, `critical`)"
    /// );
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(match text.to_ascii_lowercase().as_str() {
            "info" => Self::Info,
            "warning" => Self::Warning,
            "critical" => Self::Critical,
            _ => {
                let choices = ["info", "warning", "critical"];
                return Err(format!(
                    "unknown severity `{}`{}",
                    quoted(text),
                    hint(text, "severities", choices)
                ));
            }
        })
    }

    /// The severity as alerts print it, such as `CRITICAL`.
    ///
    /// ```
    /// assert_eq!(monitor_config::Severity::Critical.as_str(), "CRITICAL");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_reads_what_it_prints() {
        for level in [
            Level::Trace,
            Level::Debug,
            Level::Info,
            Level::Warning,
            Level::Error,
            Level::Off,
        ] {
            assert_eq!(Level::parse(level.as_str()), Ok(level));
        }
        for severity in [Severity::Info, Severity::Warning, Severity::Critical] {
            assert_eq!(Severity::parse(&severity.to_string()), Ok(severity));
        }
    }

    #[test]
    fn a_word_far_from_all_choices_gets_no_proposal() {
        assert_eq!(
            Level::parse("loud").unwrap_err(),
            "unknown level `loud` (levels: `trace`, `debug`, `info`, `warning`, `error`, `off`)"
        );
        assert_eq!(
            Severity::parse("").unwrap_err(),
            "unknown severity `` (severities: `info`, `warning`, `critical`)"
        );
    }

    #[test]
    fn a_width_is_honoured() {
        assert_eq!(format!("{:<8}|", Level::Info), "INFO    |");
        assert_eq!(format!("{:>8}|", Severity::Warning), " WARNING|");
    }
}
