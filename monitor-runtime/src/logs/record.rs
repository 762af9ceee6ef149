//! What one line says, borrowed from whoever says it.

use std::fmt;

use serde_json::Value;

use super::event::AppEvent;
use super::timestamp::Timestamp;

use crate::desk::Origin;
use crate::failure::ErrorText;
use crate::fields::FieldValue;

/// The severity of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LineLevel {
    Trace,
    Debug,
    Info,
    Warning,
    Error,
    Critical,
}

impl LineLevel {
    pub(crate) fn of_tracing(level: tracing::Level) -> Self {
        match level {
            tracing::Level::TRACE => Self::Trace,
            tracing::Level::DEBUG => Self::Debug,
            tracing::Level::INFO => Self::Info,
            tracing::Level::WARN => Self::Warning,
            tracing::Level::ERROR => Self::Error,
        }
    }

    pub(crate) fn of_stage(level: monitor_config::Level) -> Self {
        match level {
            monitor_config::Level::Trace => Self::Trace,
            monitor_config::Level::Debug => Self::Debug,
            monitor_config::Level::Warning => Self::Warning,
            monitor_config::Level::Error => Self::Error,
            _ => Self::Info,
        }
    }
}

/// The measurements and fields of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Data<'a> {
    /// What the library measured, then what the user named.
    Fields(
        &'a [(&'static str, FieldValue)],
        &'a [(&'static str, FieldValue)],
    ),
    /// What the user gave as a whole.
    Json(&'a Value),
    /// An event of the application's own.
    Event(AppEvent<'a>),
}

/// An error with what was going on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorPart<'a> {
    pub(crate) text: &'a ErrorText,
    pub(crate) context: Context<'a>,
}

/// What was going on when an error occurred.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Context<'a> {
    Fields(&'a [(&'static str, FieldValue)]),
    Json(&'a Value),
}

/// The name of what happened, in one part or in two: `INGESTION` and `_END`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventType<'a>(pub(crate) &'a str, pub(crate) &'a str);

impl<'a> From<&'a str> for EventType<'a> {
    fn from(name: &'a str) -> Self {
        Self(name, "")
    }
}

impl fmt::Display for EventType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        f.write_str(self.1)
    }
}

/// One line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    pub(crate) time: Timestamp,
    pub(crate) level: LineLevel,
    pub(crate) message: &'a str,
    pub(crate) event_type: EventType<'a>,
    pub(crate) data: Data<'a>,
    pub(crate) error: Option<ErrorPart<'a>>,
    pub(crate) stage: Option<&'a str>,
    pub(crate) function: Option<&'a str>,
    /// Zero for none, as for the next.
    pub(crate) span: u64,
    pub(crate) parent_span: u64,
}

impl<'a> Record<'a> {
    /// A line of this moment, of no stage and without an error.
    pub(crate) fn new(
        level: LineLevel,
        event_type: impl Into<EventType<'a>>,
        data: Data<'a>,
    ) -> Self {
        Self {
            time: Timestamp::now(),
            level,
            message: EVENT,
            event_type: event_type.into(),
            data,
            error: None,
            stage: None,
            function: None,
            span: 0,
            parent_span: 0,
        }
    }

    /// The line as one of the call that it comes from.
    pub(crate) fn from(self, origin: Origin) -> Self {
        Self {
            stage: origin.stage,
            function: origin.function,
            span: origin.span,
            ..self
        }
    }
}

/// The target of the library's own lines, for filters.
pub(crate) const OWN: &str = "monitor_runtime";

/// The message of a line that is no error, and of one that is: the original's words.
pub(crate) const EVENT: &str = "Pipeline Event";
pub(crate) const ERROR: &str = "Pipeline Error";
