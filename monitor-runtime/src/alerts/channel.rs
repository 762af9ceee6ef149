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
    let mut opened = Opened::default();
    #[cfg(feature = "email")]
    opened.add(settings.email.as_ref(), super::email::Email::new);
    #[cfg(feature = "slack")]
    opened.add(settings.slack.as_ref(), super::slack::Slack::new);
    #[cfg(feature = "webhook")]
    opened.add(settings.webhook.as_ref(), super::webhook::Webhook::new);
    #[cfg(feature = "alertmanager")]
    opened.add(
        settings.alertmanager.as_ref(),
        super::alertmanager::Alertmanager::new,
    );
    #[cfg(feature = "channels")]
    for own in settings.own.opened() {
        opened.channels.push(Arc::new(own));
    }
    if opened.errors.is_empty() {
        Ok(opened.channels)
    } else {
        Err(opened.errors)
    }
}

#[derive(Default)]
struct Opened {
    channels: Vec<Arc<dyn Channel>>,
    errors: Vec<SettingsError>,
}

impl Opened {
    #[cfg_attr(
        not(any(feature = "email", feature = "__http")),
        expect(dead_code, reason = "the program's own are open")
    )]
    fn add<S, C: Channel + 'static>(
        &mut self,
        settings: Option<&S>,
        open: impl FnOnce(&S) -> Result<C, SettingsError>,
    ) {
        match settings.map(open) {
            Some(Ok(channel)) => self.channels.push(Arc::new(channel)),
            Some(Err(error)) => self.errors.push(error),
            None => {}
        }
    }
}
