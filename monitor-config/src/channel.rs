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
    /// A signed message to an address of your own.
    Webhook,
    /// An alert at a Prometheus Alertmanager.
    Alertmanager,
}

/// The longest name that a channel of your own can have, in characters.
const LONGEST_NAME: usize = 32;

impl Channel {
    /// Every channel, in the order in which messages list them.
    ///
    /// ```
    /// assert_eq!(monitor_config::Channel::ALL.map(|channel| channel.as_str()), ["email", "slack", "webhook", "alertmanager"]);
    /// ```
    pub const ALL: [Self; 4] = [Self::Email, Self::Slack, Self::Webhook, Self::Alertmanager];

    /// Reads the name of a channel.
    ///
    /// # Errors
    ///
    /// A message with the choices and the nearest of them. It quotes nothing that could be a webhook's address.
    ///
    /// ```
    /// assert_eq!(
    ///     monitor_config::Channel::parse("slak").unwrap_err(),
    ///     "unknown channel `slak`: did you mean `slack`? (channels: `email`, `slack`, `webhook`, `alertmanager`)"
    /// );
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::of(text).ok_or_else(|| unknown(text, &[]))
    }

    fn of(text: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|channel| channel.as_str() == text)
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
            Self::Webhook => "webhook",
            Self::Alertmanager => "alertmanager",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Reads the name of a channel on a route: a built-in one, or one of `own`, which the program registers.
///
/// # Errors
///
/// A message with the choices and the nearest of them.
///
/// ```
/// use monitor_config::route_to;
///
/// assert_eq!(route_to("pager", &["pager".to_owned()]), Ok("pager".to_owned()));
/// let error = route_to("pager", &[]).unwrap_err();
/// assert!(error.ends_with("if it is one of your own, declare it: `channels = [\"pager\"]` in [alerts]"));
/// ```
pub fn route_to(text: &str, own: &[String]) -> Result<String, String> {
    if Channel::of(text).is_some() || own.iter().any(|name| name == text) {
        return Ok(text.to_owned());
    }
    let mut message = unknown(text, own);
    if is_name(text) && !message.contains("did you mean") {
        message += &format!(
            "; if it is one of your own, declare it: `channels = [\"{text}\"]` in [alerts]"
        );
    }
    Err(message)
}

/// Checks the name of a channel that a program brings along.
///
/// # Errors
///
/// When it is no name, or that of a built-in channel.
///
/// ```
/// assert_eq!(monitor_config::own_channel("pager"), Ok("pager".to_owned()));
/// assert!(monitor_config::own_channel("slack").is_err());
/// assert!(monitor_config::own_channel("the pager").is_err());
/// ```
pub fn own_channel(text: &str) -> Result<String, String> {
    if Channel::of(text).is_some() {
        return Err(format!(
            "`{text}` is built in: choose another name for a channel of your own"
        ));
    }
    if !is_name(text) {
        return Err(format!(
            "this is not the name of a channel: write up to {LONGEST_NAME} letters, digits, `-` or `_`, such as \"pager\""
        ));
    }
    Ok(text.to_owned())
}

fn is_name(text: &str) -> bool {
    (1..=LONGEST_NAME).contains(&text.len())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn unknown(text: &str, own: &[String]) -> String {
    let mut known: Vec<&str> = Channel::ALL.map(Channel::as_str).to_vec();
    known.extend(own.iter().map(String::as_str));
    let choices = hint(text, "channels", known);
    // A webhook's address or an e-mail address is a natural thing to write here, and may be a secret.
    if text.len() <= 20
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    {
        format!("unknown channel `{}`{choices}", quoted(text))
    } else {
        format!("unknown channel{choices}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_webhook_is_not_repeated() {
        let message = Channel::parse("https://hooks.slack.com/services/T0/B0/x").unwrap_err();
        assert_eq!(
            message,
            "unknown channel (channels: `email`, `slack`, `webhook`, `alertmanager`)"
        );
    }

    #[test]
    fn case_counts_and_is_pointed_out() {
        assert_eq!(
            Channel::parse("Email").unwrap_err(),
            "unknown channel `Email`: did you mean `email`? (channels: `email`, `slack`, `webhook`, `alertmanager`)"
        );
    }

    #[test]
    fn a_route_leads_to_a_channel_that_is_built_in_or_declared() {
        let own = ["pager".to_owned()];
        for right in ["email", "webhook", "alertmanager", "pager"] {
            assert_eq!(route_to(right, &own).as_deref(), Ok(right));
        }
        assert_eq!(
            route_to("pagr", &own).unwrap_err(),
            "unknown channel `pagr`: did you mean `pager`? \
             (channels: `email`, `slack`, `webhook`, `alertmanager`, `pager`)"
        );
        for wrong in ["", "email", "a b", "https://x.example/y", &"x".repeat(33)] {
            assert!(own_channel(wrong).is_err(), "{wrong}");
        }
        let secret = route_to("https://hooks.example.org/k33pm3out", &own).unwrap_err();
        assert!(!secret.contains("k33p"), "{secret}");
    }
}
