//! A way out of the program: one attempt to deliver alerts.

use std::{pin::Pin, sync::Arc, time::Duration};

use super::{Alert, environment::SettingsError, pace::Pace, settings::Settings};

/// Delivers alerts to one place. An implementation sends and judges the answer;
/// when to try again is the worker's part, and so is everything that must outlive
/// a failure.
pub(crate) trait Channel: Send + Sync {
    /// The name in routes, log lines and counters.
    fn name(&self) -> &str;

    /// How often the other side wants to be spoken to, where it says so.
    fn pace(&self) -> Option<Pace> {
        None
    }

    /// How many alerts that wait one message may tell of.
    fn most_in_one(&self) -> usize {
        1
    }

    /// Tries once, within a time limit of its own, to tell of these in one message: of one,
    /// or of up to [`Channel::most_in_one`] that have waited.
    fn deliver<'a>(&'a self, alerts: &'a [Arc<Alert>]) -> Attempt<'a>;
}

/// One attempt under way.
pub(crate) type Attempt<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// Why an attempt failed. No reason contains a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Worth another attempt.
    Retry {
        /// For a person.
        reason: String,
        /// The wait that the other side asked for; it concerns the whole channel.
        after: Option<Duration>,
    },
    /// The same alert would be refused again.
    Dead {
        /// For a person.
        reason: String,
    },
}

/// Opens the channels that are on.
///
/// # Errors
///
/// What only shows now, such as a certificate file that cannot be read; all of it.
pub(crate) fn channels(settings: &Settings) -> Result<Vec<Arc<dyn Channel>>, Vec<SettingsError>> {
    let mut channels: Vec<Arc<dyn Channel>> = Vec::new();
    let mut errors = Vec::new();
    #[cfg(feature = "email")]
    if let Some(email) = &settings.email {
        match super::email::Email::new(email) {
            Ok(email) => channels.push(Arc::new(email)),
            Err(error) => errors.push(error),
        }
    }
    #[cfg(feature = "slack")]
    if let Some(slack) = &settings.slack {
        match super::slack::Slack::new(&slack.webhook) {
            Ok(slack) => channels.push(Arc::new(slack)),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        Ok(channels)
    } else {
        Err(errors)
    }
}
