//! Alerts to Slack, through an incoming webhook.

use std::{sync::Arc, time::Duration};

use super::{
    Alert,
    channel::{Attempt, Channel},
    environment::SettingsError,
    http::Post,
    pace::Pace,
    posted_settings::SlackSettings,
    slack_blocks::{digest, message},
};

/// Alerts in one message at most: all that could wait for long. How many kinds of them are
/// shown is the message's own limit.
const MOST_IN_ONE: usize = 1_000;

/// Posts to one webhook.
pub(super) struct Slack {
    post: Post,
}

impl Slack {
    pub(super) fn new(settings: &SlackSettings) -> Result<Self, SettingsError> {
        Ok(Self {
            post: Post::new(&settings.webhook, "Slack", "")?,
        })
    }
}

impl Channel for Slack {
    fn name(&self) -> &str {
        "slack"
    }

    /// What Slack documents for webhooks.
    fn pace(&self) -> Option<Pace> {
        Some(Pace {
            every: Duration::from_secs(1),
            burst: 3,
        })
    }

    fn most_in_one(&self) -> usize {
        MOST_IN_ONE
    }

    fn deliver<'a>(&'a self, alerts: &'a [Arc<Alert>]) -> Attempt<'a> {
        let payload = match alerts {
            [alert] => message(alert),
            alerts => digest(alerts),
        };
        Box::pin(async move { self.post.json(&[], payload.to_string()).await })
    }
}
