//! Where an alert can go.

use std::fmt;

use crate::spelling::{hint, quoted};

/// A way on which alerts leave the program.
///
/// ```
/// assert_eq!(monitor_config::Channel::parse("slack"), Ok(monitor_config::Channel::Slack));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Channel {
    /// A mail through an SMTP server.
    Email,
    /// A message through a Slack webhook.
    Slack,
}

impl Channel {
    /// Every channel, in the order in which messages list them.
    ///
    /// ```
    /// assert_eq!(monitor_config::Channel::ALL.map(|channel| channel.as_str()), ["email", "slack"]);
    /// ```
    pub const ALL: [Self; 2] = [Self::Email, Self::Slack];

    /// Reads the name of a channel.
    ///
    /// # Errors
    ///
    /// A message with the choices and the nearest of them. It quotes nothing that could be a webhook's address.
    ///
    /// ```
    /// assert_eq!(
    ///     monitor_config::Channel::parse("slak").unwrap_err(),
    ///     "unknown channel `slak`: did you mean `slack`? (channels: `email`, `slack`)"
    /// );
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(channel) = Self::ALL
            .into_iter()
            .find(|channel| channel.as_str() == text)
        {
            return Ok(channel);
        }
        let choices = hint(text, "channels", Self::ALL.map(Self::as_str));
        // A webhook's address or an e-mail address is a natural thing to write here, and may be a secret.
        if text.len() <= 20
            && text
                .chars()
                .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        {
            Err(format!("unknown channel `{}`{choices}", quoted(text)))
        } else {
            Err(format!("unknown channel{choices}"))
        }
    }

    /// The channel's name, as `monitor.toml` has it.
    ///
    /// ```
    /// assert_eq!(monitor_config::Channel::Email.as_str(), "email");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Slack => "slack",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_webhook_is_not_repeated() {
        let message = Channel::parse("https://hooks.slack.com/services/T0/B0/x").unwrap_err();
        assert_eq!(message, "unknown channel (channels: `email`, `slack`)");
    }

    #[test]
    fn case_counts_and_is_pointed_out() {
        assert_eq!(
            Channel::parse("Email").unwrap_err(),
            "unknown channel `Email`: did you mean `email`? (channels: `email`, `slack`)"
        );
    }
}
