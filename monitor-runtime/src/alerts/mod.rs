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
//! | `alert` | what a person is told |
//! | `cause`, `counted`, `error_rate` | what a rule was met by |
//! | `passing`, `fold`, `fingerprint` | what is the same trouble, and how often it is told |
//! | `secret` | a text that cannot be printed by accident |
//! | `text`, `mail`, `mrkdwn` | the words, made safe for a log line, a mail and Slack |
//! | `channel`, `email`, `slack` | one delivery: done, worth a retry, or hopeless |
//! | `worker`, `ledger`, `backoff`, `pace` | who delivers what, when, and what is still open |
//! | `delivery` | what became of it |

mod alert;
#[cfg(feature = "__worker")]
mod backoff;
mod cause;
#[cfg(feature = "__worker")]
mod channel;
mod counted;
#[cfg(feature = "__worker")]
mod delivery;
#[cfg(feature = "email")]
mod email;
mod email_settings;
mod environment;
mod error_rate;
mod fingerprint;
mod fold;
#[cfg(feature = "__worker")]
mod ledger;
#[cfg(feature = "email")]
mod mail;
#[cfg(feature = "slack")]
mod mrkdwn;
#[cfg(feature = "__worker")]
mod pace;
mod passing;
mod routes;
mod secret;
mod settings;
#[cfg(feature = "slack")]
mod slack;
mod text;
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
pub(crate) use self::passing::{Passage, Passed};
#[cfg(feature = "__worker")]
pub(crate) use self::worker::Worker;
pub(crate) use self::{settings::Settings, text::headline};
