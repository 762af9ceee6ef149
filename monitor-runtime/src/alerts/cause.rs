//! What a rule was met by.

use std::time::Duration;

use monitor_config::{Channels, Condition, Rule, Severity};
use serde_json::Value;

use super::fingerprint::fingerprint;
use crate::desk::Origin;

/// Something that a person may have to be told.
#[derive(Clone, Debug)]
pub(crate) struct Cause {
    pub(crate) stage: String,
    pub(crate) on: Condition,
    pub(crate) fingerprint: String,
    pub(crate) severity: Severity,
    pub(crate) channels: Channels,
    pub(crate) repeat: Duration,
    pub(crate) resolve: bool,
    pub(crate) message: String,
    pub(crate) details: Value,
    pub(crate) origin: Origin,
}

impl Cause {
    /// What met `rule`; `text` is that of an error, and empty for a limit.
    pub(crate) fn new(
        rule: &Rule,
        on: Condition,
        stage: &str,
        text: &str,
        (message, details): (String, Value),
        origin: Origin,
    ) -> Self {
        Self {
            stage: stage.to_owned(),
            on,
            fingerprint: fingerprint(stage, on, text),
            severity: rule.severity,
            channels: rule.channels,
            repeat: rule.repeat,
            resolve: rule.resolve,
            message,
            details,
            origin,
        }
    }

    /// Has it told as loudly as another asks for.
    pub(crate) fn raise_to(&mut self, other: &Self) {
        if other.severity > self.severity {
            self.severity = other.severity;
            self.channels = other.channels;
            self.repeat = other.repeat;
            self.resolve = other.resolve;
        }
    }
}
