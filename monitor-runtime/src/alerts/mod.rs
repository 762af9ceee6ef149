//! Alerts: what was raised, where it goes, and how it gets there.
//!
//! An [`Alert`] always reaches the log. Beyond that, [`Settings`] — monitor.toml
//! and the environment, checked once at start — say which channels are on and
//! which severity goes to which of them. [`channels`] opens those channels, and
//! a [`Worker`] delivers to them on a thread of its own, so that raising an
//! alert costs the pipeline one short lock and nothing else.
//!
//! | module | concept |
//! |---|---|
//! | `settings`, `email_settings`, `environment`, `routes`, `webhook_url` | what is configured, and every mistake in it |
//! | `secret` | a text that cannot be printed by accident |
//! | `text`, `mail`, `mrkdwn` | the words, made safe for a log line, a mail and Slack |
//! | `channel`, `email`, `slack` | one delivery: done, worth a retry, or hopeless |
//! | `worker`, `ledger`, `backoff`, `pace` | who delivers what, when, and what is still open |
//! | `delivery` | what became of it |

#[cfg(feature = "__worker")]
mod backoff;
#[cfg(feature = "__worker")]
mod channel;
#[cfg(feature = "__worker")]
mod delivery;
#[cfg(feature = "email")]
mod email;
mod email_settings;
mod environment;
#[cfg(feature = "__worker")]
mod ledger;
#[cfg(feature = "email")]
mod mail;
#[cfg(feature = "slack")]
mod mrkdwn;
#[cfg(feature = "__worker")]
mod pace;
mod routes;
mod secret;
mod settings;
#[cfg(feature = "slack")]
mod slack;
mod text;
mod webhook_url;
#[cfg(feature = "__worker")]
mod worker;

use std::time::SystemTime;

pub(crate) use monitor_config::Severity;
use serde_json::Value;

#[cfg(feature = "__worker")]
pub(crate) use self::channel::channels;
#[cfg(feature = "__worker")]
pub(crate) use self::delivery::{Delivery, Outcome, Undelivered};
#[cfg(feature = "__worker")]
pub(crate) use self::worker::Worker;
pub(crate) use self::{settings::Settings, text::headline};

/// Something that a person should know about.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "__worker"),
    expect(dead_code, reason = "each channel reads its part")
)]
pub(crate) struct Alert {
    /// Unique among all runs, and the same for every attempt to deliver: mail
    /// programs recognise a repeated message by it.
    pub(crate) id: String,
    /// Decides the route.
    pub(crate) severity: Severity,
    /// One sentence.
    pub(crate) message: String,
    /// Whatever helps to act on it; `stage` and `host` are shown apart in Slack.
    pub(crate) details: Value,
    /// When it was raised, which may be well before it is delivered.
    pub(crate) raised_at: SystemTime,
}
