//! What became of an alert.

use std::sync::Arc;

use super::Alert;

/// An alert that reached its end at one channel, as the observer is told.
#[derive(Debug)]
pub(crate) struct Delivery<'a> {
    /// The alert.
    pub(crate) alert: &'a Alert,
    /// The channel's name.
    pub(crate) channel: &'a str,
    /// How many attempts it took.
    pub(crate) attempts: u32,
    /// How it ended.
    pub(crate) outcome: Outcome<'a>,
}

/// How a delivery ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome<'a> {
    /// The other side accepted it.
    Delivered,
    /// It was given up, with the reason.
    Dead(&'a str),
}

/// What became of the alerts of a run.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Alerts delivered, counted once per channel.
    pub(crate) delivered: u64,
    /// Alerts given up, the first of them in full.
    pub(crate) dead: Vec<Undelivered>,
    /// How many more were given up.
    pub(crate) dead_beyond: u64,
    /// Alerts that were still to be delivered when the waiting ended.
    pub(crate) pending: Vec<Undelivered>,
}

/// An alert that a channel did not deliver.
#[derive(Clone, Debug)]
pub(crate) struct Undelivered {
    /// The alert.
    pub(crate) alert: Arc<Alert>,
    /// The channel's name.
    pub(crate) channel: Arc<str>,
    /// Why not, or why not yet.
    pub(crate) reason: String,
}
