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
//! | `settings`, `email_settings`, `posted_settings`, `environment`, `routes`, `webhook_url` | what is configured, and every mistake in it |
//! | `registered` | the program's own channels, until the run starts |
//! | `alert`, `facts`, `digest` | what a person is told; what makes it actionable; several in one |
//! | `cause`, `counted`, `error_rate` | what a rule was met by |
//! | `passing`, `fold`, `fingerprint` | what is the same trouble, and how often it is told |
//! | `secret` | a text that cannot be printed by accident |
//! | `headline`, `text`, `mail`, `html`, `mrkdwn`, `slack_blocks` | the words, made safe for a log line, a mail and Slack |
//! | `channel`, `email`, `slack`, `webhook`, `alertmanager`, `own` with `own_sender` | one delivery: done, worth a retry, or hopeless |
//! | `http`, `announced` | one POST, which most of them are |
//! | `sending` | the moment from which on an alert may arrive |
//! | `trial` | one alert to each channel, to see whether it arrives |
//! | `worker`, `ledger`, `backoff`, `pace` | who delivers what, when, and what is still open |
//! | `told_elsewhere` | that a channel refuses alerts, for the other channels |
//! | `delivery` | what became of it |
//! | `outbox` | what is kept of it, for the next run and for whoever looks back |

mod alert;
#[cfg(feature = "alertmanager")]
mod alertmanager;
#[cfg(feature = "__http")]
mod announced;
#[cfg(feature = "__worker")]
mod backoff;
mod cause;
#[cfg(feature = "__worker")]
mod channel;
mod counted;
#[cfg(feature = "__worker")]
mod delivery;
#[cfg(any(feature = "email", feature = "slack"))]
mod digest;
#[cfg(feature = "email")]
mod email;
mod email_settings;
mod environment;
mod error_rate;
#[cfg(feature = "__worker")]
#[cfg_attr(
    not(any(feature = "alertmanager", feature = "email", feature = "slack")),
    allow(dead_code, reason = "each channel uses a part of it")
)]
mod facts;
mod fingerprint;
mod fold;
mod headline;
#[cfg(test)]
#[cfg(all(
    feature = "alertmanager",
    feature = "channels",
    feature = "email",
    feature = "slack",
    feature = "webhook"
))]
mod hostile_tests;
#[cfg(feature = "email")]
mod html;
#[cfg(feature = "__http")]
mod http;
#[cfg(feature = "__worker")]
mod ledger;
#[cfg(feature = "email")]
mod mail;
#[cfg(feature = "slack")]
mod mrkdwn;
#[cfg_attr(
    not(feature = "__worker"),
    allow(dead_code, reason = "without channels nothing is delivered")
)]
pub(crate) mod outbox;
#[cfg(feature = "channels")]
mod own;
#[cfg(feature = "channels")]
mod own_sender;
#[cfg(feature = "__worker")]
mod pace;
mod passing;
mod posted_settings;
mod registered;
mod routes;
mod secret;
#[cfg(feature = "__worker")]
#[cfg_attr(
    not(any(feature = "__http", feature = "channels")),
    allow(dead_code, reason = "mail does not say it")
)]
mod sending;
mod settings;
#[cfg(feature = "slack")]
mod slack;
#[cfg(feature = "slack")]
mod slack_blocks;
#[cfg(feature = "__worker")]
#[cfg_attr(
    not(all(feature = "email", feature = "slack", feature = "channels")),
    allow(dead_code, reason = "each channel uses a part of it")
)]
mod text;
#[cfg(feature = "__worker")]
mod told_elsewhere;
mod trial;
#[cfg(feature = "webhook")]
mod webhook;
mod webhook_url;
#[cfg(feature = "__worker")]
mod worker;

pub(crate) use monitor_config::Severity;

pub(crate) use self::alert::Alert;
pub(crate) use self::cause::Cause;
#[cfg(feature = "__worker")]
pub(crate) use self::channel::channels;
pub(crate) use self::counted::Counted;
#[cfg(feature = "__worker")]
pub(crate) use self::delivery::{Delivery, Outcome, Undelivered};
pub(crate) use self::error_rate::{Calls, Rates};
pub(crate) use self::fold::{Fold, More, Notice, Verdict};
#[cfg(feature = "channels")]
pub use self::own::{AlertChannel, AlertMessage, SendError};
pub(crate) use self::passing::{Passage, Passed};
pub(crate) use self::registered::Registered;
pub use self::trial::TestDelivery;
#[cfg(feature = "__worker")]
pub(crate) use self::worker::Worker;
pub(crate) use self::{headline::headline, settings::Settings, trial::send_to_each};
