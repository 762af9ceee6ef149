//! A record as a line for people.

use std::fmt::{Debug, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use monitor_config::duration;
use serde_json::Value;
use tracing::field::{Field, Visit};

use super::encoder::discard;
use super::event::AppEvent;
use super::record::{Data, LineLevel, Record};
use super::timestamp::Timestamp;
use crate::fields::FieldValue;
use crate::text;

/// Appends the line of a record, with its line feed.
pub(super) fn sentence(line: &mut String, record: &Record<'_>, colour: bool) {
    let time = Timestamp::of(record.time).time_of_day();
    let (level, hue) = match record.level {
        LineLevel::Trace => ("TRACE", "2"),
        LineLevel::Debug => ("DEBUG", "2"),
        LineLevel::Info => ("INFO ", "32"),
        LineLevel::Warning => ("WARN ", "33"),
        LineLevel::Error => ("ERROR", "31"),
        LineLevel::Critical => ("CRIT ", "1;31"),
    };
    let time = str::from_utf8(&time).unwrap_or_default();
    let parts: &[&str] = if colour {
        &[
            "\u{1b}[2m",
            time,
            "\u{1b}[0m \u{1b}[",
            hue,
            "m",
            level,
            "\u{1b}[0m",
        ]
    } else {
        &[time, " ", level]
    };
    line.extend(parts.iter().copied());
    let begin = line.len();
    if let Some(stage) = record.stage {
        line.extend([" ", stage]);
    }
    line.push(' ');
    say(line, record);
    // One line each, and nothing from the data that steers the terminal.
    let said = &line[begin..];
    if !said.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        let plain = text::plain(said);
        line.truncate(begin);
        line.push_str(&plain);
    }
    line.push('\n');
}

/// The part of the line after level and stage.
fn say(line: &mut String, record: &Record<'_>) {
    match (record.data, record.event_type.0) {
        (Data::Event(event), _) => return say_event(line, event),
        (_, "call.retry") => return say_retry(line, record),
        // The log and the message that goes out have the details.
        (_, "alert.raised") => return line.push_str(record.message),
        (_, "run.start") => return say_start(line, record),
        _ => drop(write!(line, "{}", record.event_type)),
    }
    if let Some(count) = measured(record, "records") {
        let _ = write!(line, " {count} records");
    }
    if let Some(seconds) = measured(record, "duration").and_then(|text| text.parse::<f64>().ok()) {
        let duration = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        let before = if record.error.is_some() {
            "after"
        } else {
            "in"
        };
        let _ = write!(line, " {before} {}", duration::display(duration));
    }
    if let Some(attempts) = measured(record, "attempts").filter(|attempts| attempts != "1") {
        let _ = write!(line, " ({attempts} attempts)");
    }
    say_others(line, record);
    if let Some(error) = &record.error {
        let _ = write!(line, ": {}", error.text.error);
        for cause in &error.text.chain {
            let _ = write!(line, ": {cause}");
        }
    }
}

/// `pages found season=2023-24`
fn say_event(line: &mut String, event: AppEvent<'_>) {
    for message in [true, false] {
        event.event.record(&mut Said { line, message });
    }
}

/// Says the text of an event, or its fields.
struct Said<'l> {
    line: &'l mut String,
    message: bool,
}

impl Visit for Said<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let name = field.name();
        if (name == "message") != self.message || SAID.contains(&name) {
            return;
        }
        if !self.message {
            self.line.extend([" ", name, "="]);
        }
        let result = catch_unwind(AssertUnwindSafe(|| write!(self.line, "{value:?}")));
        self.line.push_str(text::mark(&result).unwrap_or_default());
        if let Err(payload) = result {
            discard(payload);
        }
    }
}

/// `retry 1/3 after 4 s: …`
fn say_retry(line: &mut String, record: &Record<'_>) {
    let get = |key| measured(record, key).unwrap_or_default();
    let wait = get("wait")
        .parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let (attempt, max, error) = (get("attempt"), get("max"), get("error"));
    let wait = duration::display(wait.unwrap_or_default());
    let _ = write!(line, "retry {attempt}/{max} after {wait}: {error}");
}

/// `run.start, files in /…/logs; alerts: …`
fn say_start(line: &mut String, record: &Record<'_>) {
    let get = |key| measured(record, key).unwrap_or_default();
    let (logs, alerts) = (get("logs"), get("alerts"));
    let _ = write!(line, "run.start, files in {logs}; alerts: {alerts}");
}

const SAID: [&str; 7] = [
    "records",
    "duration",
    "busy",
    "polls",
    "attempts",
    "target",
    "error_chain",
];

fn measured(record: &Record<'_>, key: &str) -> Option<String> {
    let Data::Fields(fields, _) = record.data else {
        return None;
    };
    fields
        .iter()
        .find(|(name, _)| *name == key)
        .map(|(_, value)| value.to_text())
}

fn say_others(line: &mut String, record: &Record<'_>) {
    let is_other = |key: &str| !SAID.contains(&key);
    match record.data {
        Data::Fields(measured, named) => {
            let measured = measured.iter().filter(|(key, _)| is_other(key));
            for (key, value) in measured.chain(named) {
                line.extend([" ", key, "="]);
                match value {
                    FieldValue::Text(text) => line.push_str(text),
                    value => line.push_str(&value.to_text()),
                }
            }
        }
        Data::Json(Value::Object(map)) => {
            for (key, value) in map.iter().filter(|(key, _)| is_other(key)) {
                say_json(line, key, value);
            }
        }
        Data::Event(_) | Data::Json(Value::Null) => {}
        Data::Json(value) => say_json(line, "value", value),
    }
}

fn say_json(line: &mut String, key: &str, value: &Value) {
    line.extend([" ", key, "="]);
    match value {
        Value::String(text) => line.push_str(text),
        other => drop(write!(line, "{other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::ErrorText;
    use crate::logs::record::{Context, EVENT, ErrorPart};
    use std::time::UNIX_EPOCH;

    fn shown(colour: bool, record: &Record<'_>) -> String {
        let mut line = String::new();
        sentence(&mut line, record, colour);
        line
    }

    fn record<'a>(event_type: &'a str, data: Data<'a>) -> Record<'a> {
        Record {
            time: UNIX_EPOCH + Duration::from_secs(45_296),
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
