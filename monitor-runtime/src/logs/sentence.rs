//! A line of the log as a line for people. It is made from the line and not from what the
//! line was made of, so that the thread that shows it can make it.

use std::fmt::Write as _;
use std::time::Duration;

use monitor_config::duration;
use serde_json::Value;

use super::split::members;
use crate::text;

/// Appends what people read of `line`, with a line feed.
pub(super) fn sentence(out: &mut String, line: &str, colour: bool) {
    let line = Line::read(line);
    let (level, hue) = match line.level.as_str() {
        "TRACE" => ("TRACE", "2"),
        "DEBUG" => ("DEBUG", "2"),
        "WARNING" => ("WARN ", "33"),
        "ERROR" => ("ERROR", "31"),
        "CRITICAL" => ("CRIT ", "1;31"),
        _ => ("INFO ", "32"),
    };
    // `12:34:56` of `2026-02-05T12:34:56.789012Z`.
    let (_, time) = line.timestamp.split_once('T').unwrap_or_default();
    let time = time.get(..8).unwrap_or_default();
    if colour {
        let _ = write!(
            out,
            "\u{1b}[2m{time}\u{1b}[0m \u{1b}[{hue}m{level}\u{1b}[0m"
        );
    } else {
        let _ = write!(out, "{time} {level}");
    }
    let mut said = String::new();
    if !line.stage.is_empty() {
        said.extend([" ", &line.stage]);
    }
    said.push(' ');
    line.say(&mut said);
    // One line each, and nothing from the data that steers the terminal.
    out.push_str(&text::plain(&said));
    out.push('\n');
}

/// What of a line is said.
#[derive(Default)]
struct Line {
    timestamp: String,
    level: String,
    message: String,
    event_type: String,
    stage: String,
    error: Option<String>,
    error_chain: Vec<String>,
    /// In their order.
    data: Vec<(String, Value)>,
}

/// Measurements that are said in words of their own, or not at all.
const SAID: [&str; 7] = [
    "records",
    "duration",
    "busy",
    "polls",
    "attempts",
    "target",
    "error_chain",
];

impl Line {
    fn read(line: &str) -> Self {
        let mut read = Self::default();
        for (key, raw) in members(line) {
            let text = || match value(raw) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            match key.as_str() {
                "timestamp" => read.timestamp = text(),
                "level" => read.level = text(),
                "message" => read.message = text(),
                "event_type" => read.event_type = text(),
                "stage" => read.stage = text(),
                "error" => read.error = Some(text()),
                "error_chain" => {
                    let chain = value(raw);
                    let chain = chain.as_array().into_iter().flatten();
                    read.error_chain = chain.map(shown).collect();
                }
                "data" => {
                    let data = members(raw).map(|(key, raw)| (key, value(raw)));
                    read.data = data.collect();
                }
                _ => {}
            }
        }
        read
    }

    fn measured(&self, key: &str) -> Option<&Value> {
        let found = self.data.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value)
    }

    fn duration(&self, key: &str) -> Option<Duration> {
        let seconds = self.measured(key)?.as_f64()?;
        Duration::try_from_secs_f64(seconds).ok()
    }

    /// The part after level and stage.
    fn say(&self, said: &mut String) {
        let get = |key| self.measured(key).map(shown).unwrap_or_default();
        match self.event_type.as_str() {
            // `retry 1/3 after 4 s: …`
            "call.retry" => {
                let wait = duration::display(self.duration("wait").unwrap_or_default());
                let (attempt, max, error) = (get("attempt"), get("max"), get("error"));
                let _ = write!(said, "retry {attempt}/{max} after {wait}: {error}");
                return;
            }
            // The log and the message that goes out have the details.
            "alert.raised" => return said.push_str(&self.message),
            // `run.start, files in /…/logs; alerts: …`
            "run.start" => {
                let (logs, alerts) = (get("logs"), get("alerts"));
                let _ = write!(said, "run.start, files in {logs}; alerts: {alerts}");
                return;
            }
            // The error says what people want to know.
            "run.died" => {
                let error = self.error.as_deref().unwrap_or_default();
                let _ = write!(said, "run.died: {error}");
                return;
            }
            "log.event" => said.push_str(&self.message),
            other => said.push_str(other),
        }
        if self.event_type == "log.event" {
            return self.say_others(said);
        }
        if let Some(count) = self.measured("records") {
            let _ = write!(said, " {} records", shown(count));
        }
        if let Some(took) = self.duration("duration") {
            let before = if self.error.is_some() { "after" } else { "in" };
            let _ = write!(said, " {before} {}", duration::display(took));
        }
        if let Some(attempts) = self.measured("attempts").filter(|attempts| **attempts != 1) {
            let _ = write!(said, " ({} attempts)", shown(attempts));
        }
        self.say_others(said);
        for cause in self.error.iter().chain(&self.error_chain) {
            let _ = write!(said, ": {cause}");
        }
    }

    fn say_others(&self, said: &mut String) {
        for (key, value) in &self.data {
            if !SAID.contains(&key.as_str()) {
                let _ = write!(said, " {key}={}", shown(value));
            }
        }
    }
}

fn value(raw: &str) -> Value {
    serde_json::from_str(raw).unwrap_or(Value::Null)
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::ErrorText;
    use crate::fields::FieldValue;
    use crate::logs::line::{self, Envelope};
    use crate::logs::record::{Context, Data, EVENT, ErrorPart, LineLevel, Record};
    use crate::logs::timestamp::Timestamp;
    use std::time::UNIX_EPOCH;

    fn shown(colour: bool, record: &Record<'_>) -> String {
        let (mut line, mut out) = (Vec::new(), String::new());
        Envelope::new("nba", "0197", line::LONGEST).encode(&mut line, record);
        line::close(&mut line, 1);
        sentence(&mut out, str::from_utf8(&line).expect("text"), colour);
        out
    }

    fn record<'a>(event_type: &'a str, data: Data<'a>) -> Record<'a> {
        Record {
            time: Timestamp::of(UNIX_EPOCH + Duration::from_secs(45_296)),
            level: LineLevel::Info,
            message: EVENT,
            event_type: event_type.into(),
            data,
            error: None,
            stage: Some("NBA-17"),
            function: None,
            span: 0,
            parent_span: 0,
        }
    }

    #[test]
    fn a_line_reads_as_a_sentence() {
        let fields = [
            ("records", FieldValue::U64(1230)),
            ("duration", FieldValue::F64(45.2)),
        ];
        let end = record("INGESTION_END", Data::Fields(&fields, &[]));
        assert_eq!(
            shown(false, &end),
            "12:34:56 INFO  NBA-17 INGESTION_END 1230 records in 45.2 s\n"
        );
    }

    #[test]
    fn a_retry_says_what_comes_when_and_why() {
        let fields = [
            ("attempt", FieldValue::U64(1)),
            ("max", FieldValue::U64(3)),
            ("wait", FieldValue::F64(4.0)),
            ("error", FieldValue::Text("timed out".into())),
        ];
        let mut retry = record("call.retry", Data::Fields(&fields, &[]));
        retry.level = LineLevel::Warning;
        assert_eq!(
            shown(false, &retry),
            "12:34:56 WARN  NBA-17 retry 1/3 after 4 s: timed out\n"
        );
    }

    #[test]
    fn data_can_neither_add_a_line_nor_steer_the_terminal() {
        let text = ErrorText::new("one\ntwo\u{1b}[2J".to_owned(), Vec::new());
        let mut error = record("X_ERROR", Data::Fields(&[], &[]));
        error.error = Some(ErrorPart {
            text: &text,
            context: Context::Fields(&[]),
        });
        let line = shown(true, &error);
        assert_eq!(line.matches('\n').count(), 1);
        assert!(line.ends_with("X_ERROR: one two [2J\n"), "{line:?}");
    }
}
