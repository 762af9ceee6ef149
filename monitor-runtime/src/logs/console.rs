//! The console: lines for people, on stderr.
//!
//! It is best-effort and comes after the file: a console that fails or is closed
//! loses nothing but itself.

use std::env;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use monitor_config::duration;
use serde_json::Value;
use tracing_subscriber::filter::Targets;

use super::record::{Data, LineLevel, Record};
use super::timestamp::Timestamp;
use crate::fields::FieldValue;

/// A console with the lines that it shows.
pub(crate) struct Console {
    out: Mutex<Box<dyn Write + Send>>,
    colour: bool,
    filter: Targets,
}

impl Console {
    /// Standard error, coloured on a terminal unless `NO_COLOR` is set
    /// (<https://no-color.org>).
    pub(crate) fn stderr(filter: Targets) -> Self {
        let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            colour: io::stderr().is_terminal() && !no_colour,
            out: Mutex::new(Box::new(io::stderr())),
            filter,
        }
    }

    /// Any writer, without colour.
    pub(crate) fn to(out: Box<dyn Write + Send>, filter: Targets) -> Self {
        Self {
            out: Mutex::new(out),
            colour: false,
            filter,
        }
    }

    pub(crate) fn shows(&self, target: &str, level: LineLevel) -> bool {
        let level = match level {
            LineLevel::Trace => tracing::Level::TRACE,
            LineLevel::Debug => tracing::Level::DEBUG,
            LineLevel::Info => tracing::Level::INFO,
            LineLevel::Warning => tracing::Level::WARN,
            LineLevel::Error | LineLevel::Critical => tracing::Level::ERROR,
        };
        self.filter.would_enable(target, &level)
    }

    pub(crate) fn show(&self, record: &Record<'_>) {
        let line = self.format(record);
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = out.write_all(line.as_bytes());
        let _ = out.flush();
    }

    fn format(&self, record: &Record<'_>) -> String {
        let time = Timestamp::of(record.time).time_of_day();
        let (level, colour) = match record.level {
            LineLevel::Trace => ("TRACE", "2"),
            LineLevel::Debug => ("DEBUG", "2"),
            LineLevel::Info => ("INFO ", "32"),
            LineLevel::Warning => ("WARN ", "33"),
            LineLevel::Error => ("ERROR", "31"),
            LineLevel::Critical => ("CRIT ", "1;31"),
        };
        let mut line = if self.colour {
            format!("\u{1b}[2m{time}\u{1b}[0m \u{1b}[{colour}m{level}\u{1b}[0m")
        } else {
            format!("{time} {level}")
        };
        if let Some(stage) = record.stage {
            let _ = write!(line, " {stage}");
        }
        line.push(' ');
        say(&mut line, record);
        // One line each, and nothing that steers the terminal.
        let mut line: String = line
            .chars()
            .map(|c| if c.is_control() && (c != '\u{1b}' || !self.colour) { ' ' } else { c })
            .collect();
        line.push('\n');
        line
    }
}

/// The part of the line after level and stage.
fn say(line: &mut String, record: &Record<'_>) {
    match record.event_type {
        "call.retry" => return say_retry(line, record),
        "log.event" | "alert.raised" => line.push_str(record.message),
        other => line.push_str(other),
    }
    if let Some(count) = number(record, "records") {
        let _ = write!(line, " {count} records");
    }
    if let Some(seconds) = number(record, "duration").and_then(|text| text.parse::<f64>().ok()) {
        let duration = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        let before = if record.error.is_some() { "after" } else { "in" };
        let _ = write!(line, " {before} {}", duration::display(duration));
    }
    if let Some(attempts) = number(record, "attempts") {
        let _ = write!(line, " ({attempts} attempts)");
    }
    for (key, value) in others(record) {
        let _ = write!(line, " {key}={value}");
    }
    if let Some(error) = &record.error {
        let _ = write!(line, ": {}", error.text.error);
        for cause in &error.text.chain {
            let _ = write!(line, ": {cause}");
        }
    }
}

/// `retry 1/3 after 4 s: …`
fn say_retry(line: &mut String, record: &Record<'_>) {
    let get = |key| number(record, key).unwrap_or_default();
    let wait = get("wait").parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let (attempt, max, error) = (get("attempt"), get("max"), get("error"));
    let wait = duration::display(wait.unwrap_or_default());
    let _ = write!(line, "retry {attempt}/{max} after {wait}: {error}");
}

const SAID: [&str; 5] = ["records", "duration", "attempts", "target", "error_chain"];

fn number(record: &Record<'_>, key: &str) -> Option<String> {
    let Data::Fields(measured, _) = record.data else {
        return None;
    };
    measured
        .iter()
        .find(|(name, _)| *name == key)
        .map(|(_, value)| value.to_text())
}

fn others(record: &Record<'_>) -> Vec<(String, String)> {
    let shown = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let from_map = |map: &serde_json::Map<String, Value>| {
        map.iter()
            .filter(|(key, _)| !SAID.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), shown(value)))
            .collect()
    };
    match record.data {
        Data::Fields(measured, named) => measured
            .iter()
            .filter(|(key, _)| !SAID.contains(key))
            .chain(named)
            .map(|(key, value): &(&str, FieldValue)| ((*key).to_owned(), value.to_text()))
            .collect(),
        Data::Event(map) | Data::Json(Value::Object(map)) => from_map(map),
        Data::Json(Value::Null) => Vec::new(),
        Data::Json(value) => vec![("value".to_owned(), shown(value))],
    }
}
