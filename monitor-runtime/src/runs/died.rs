//! Closing the record of a run that died, and telling of it.

use std::io;
use std::path::Path;

use monitor_config::Severity;
use serde_json::{Value, json};

use super::folder::{self, Earlier};
use super::last_words::{Call, LastWords};
use super::record::{self, Members};
use crate::attached::Attached;
use crate::desk::Origin;
use crate::failure::ErrorText;
use crate::fields::FieldValue;
use crate::logs::record::{Context, Data, ERROR, ErrorPart, LineLevel, OWN, Record};
use crate::replace::replace;
use crate::report;

/// How many of the calls in flight are named.
const NAMED: usize = 50;

/// The longest text that is taken over from a record.
const LONGEST_TEXT: usize = 300;

/// Closes the record of `run`, whose lock is held. What was told of it before, by a process
/// that was killed while it did this, is not told again.
pub(super) fn close(
    folder: &Path,
    run: &str,
    earlier: &Earlier,
    attached: &Attached,
) -> io::Result<()> {
    // Another process may have closed it since it was read.
    let Some(mut members) = folder::read(folder, run).filter(folder::is_open) else {
        return Ok(());
    };
    let words = LastWords::read(attached.paths.log(), run);
    members.insert("state".to_owned(), "ended".into());
    if let Some(end) = &words.end {
        ended(&mut members, end);
    } else {
        let death = Death::of(&members, &words, run);
        if !words.is_told {
            death.tell(attached);
        }
        if !words.is_alerted {
            death.alert(attached, earlier);
        }
        death.note(&mut members);
    }
    let has_died = words.end.is_none();
    members.insert("closed_by".to_owned(), attached.run.id_text().into());
    let path = folder::record_path(folder, run);
    replace(&path, &attached.run.writer(), &record::text(&members))?;
    if cfg!(feature = "report") && has_died {
        // What cannot be written there is told at the end of this run, which writes there, too.
        let _ = report::write_of_died(&members, attached);
    }
    Ok(())
}

/// It was killed after its last line.
fn ended(members: &mut Members, end: &Value) {
    let data = &end["data"];
    for (key, value) in [
        ("outcome", &data["outcome"]),
        ("duration", &data["duration"]),
        ("ended_at", &end["timestamp"]),
        ("lines_written", &data["lines"]),
        ("lines_lost", &data["lost"]),
        ("error", &end["error"]),
        ("error_chain", &end["error_chain"]),
    ] {
        if !value.is_null() {
            members.insert(key.to_owned(), value.clone());
        }
    }
}

/// What is known of a death.
struct Death {
    run: String,
    name: Value,
    host: Value,
    pid: Value,
    started_at: Value,
    last_seen: Value,
    last_stage: Option<String>,
    in_flight: u64,
    /// Those of them that are named.
    calls: Vec<Value>,
    /// The stages that they are in.
    stages: Vec<String>,
}

impl Death {
    fn of(members: &Members, words: &LastWords, run: &str) -> Self {
        // Others can write to the folder: nothing of any length goes into an alert.
        let is_short = |value: &&Value| match value {
            Value::String(text) => text.len() <= LONGEST_TEXT,
            other => other.is_number(),
        };
        let get = |key: &str| {
            let value = members.get(key).filter(is_short);
            value.cloned().unwrap_or_default()
        };
        let mut death = Self {
            run: run.to_owned(),
            name: get("name"),
            host: get("host"),
            pid: get("pid"),
            started_at: get("started_at"),
            last_seen: last_seen(get("updated_at"), words),
            last_stage: words.stage.clone(),
            in_flight: 0,
            calls: Vec::new(),
            stages: Vec::new(),
        };
        for call in &words.calls {
            death.add(&call.stage, 1, named(call));
        }
        death.add_from_record(members, words);
        if death.last_stage.is_none() {
            let last = folder::stages(members).last();
            death.last_stage = last.and_then(|stage| stage["stage"].as_str().map(str::to_owned));
        }
        death
    }

    /// Functions of which the log says nothing: their lines are switched off, or the
    /// beginning of a long call is further back than is read.
    fn add_from_record(&mut self, members: &Members, words: &LastWords) {
        for stage in folder::stages(members) {
            let id = stage["stage"].as_str().unwrap_or_default();
            for function in stage["functions"].as_array().into_iter().flatten() {
                let name = function["function"].as_str().unwrap_or_default();
                let count = function["in_flight"].as_u64().unwrap_or(0);
                let is_known = words.functions.contains(&(id.to_owned(), name.to_owned()));
                if count > 0 && !is_known {
                    self.add(
                        id,
                        count,
                        json!({"stage": id, "function": name, "count": count}),
                    );
                }
            }
        }
    }

    fn add(&mut self, stage: &str, count: u64, call: Value) {
        self.in_flight = self.in_flight.saturating_add(count);
        if !self.stages.iter().any(|known| known == stage) {
            self.stages.push(stage.to_owned());
        }
        if self.calls.len() < NAMED {
            self.calls.push(call);
        }
    }

    fn sentence(&self) -> String {
        let place = match &self.last_stage {
            Some(stage) => format!(" in {stage}"),
            None => String::new(),
        };
        let calls = match self.in_flight {
            1 => "1 call".to_owned(),
            count => format!("{count} calls"),
        };
        let started_at = self.started_at.as_str().unwrap_or("an unknown time");
        format!(
            "the run that started at {started_at} died{place} with {calls} in flight: it was killed, aborted, or left by process::exit"
        )
    }

    fn tell(&self, attached: &Attached) {
        let json = |value: &Value| FieldValue::Json(value.clone());
        let data = [
            ("died", FieldValue::text(&self.run)),
            ("name", json(&self.name)),
            ("started_at", json(&self.started_at)),
            ("last_seen", json(&self.last_seen)),
            (
                "last_stage",
                FieldValue::Json(self.last_stage.as_deref().into()),
            ),
            ("in_flight", FieldValue::U64(self.in_flight)),
            ("calls", FieldValue::Json(self.calls.clone().into())),
            ("host", json(&self.host)),
            ("pid", json(&self.pid)),
        ];
        let text = ErrorText::new(self.sentence(), Vec::new());
        attached.log.emit(
            OWN,
            &Record {
                message: ERROR,
                error: Some(ErrorPart {
                    text: &text,
                    context: Context::Fields(&[]),
                }),
                ..Record::new(LineLevel::Error, "run.died", Data::Fields(&data, &[]))
            },
        );
    }

    /// A death is to the calls in flight what a failure is: the highest severity that one of
    /// their stages asks for on failure, and at least a warning.
    fn alert(&self, attached: &Attached, earlier: &Earlier) {
        let last = self.last_stage.iter().filter(|_| self.stages.is_empty());
        let stages = self.stages.iter().chain(last);
        let severities = stages.filter_map(|stage| earlier.alerts.get(stage).copied());
        let severity = severities.fold(Severity::Warning, Severity::max);
        let details = json!({
            "died": self.run,
            "started_at": self.started_at,
            "last_seen": self.last_seen,
            "stage": self.last_stage,
            "in_flight": self.in_flight,
            "calls": self.calls,
            "host": self.host,
            "pid": self.pid,
            "run_id": attached.run.id_text(),
        });
        let name = self.name.as_str().unwrap_or("a pipeline");
        let message = format!("{name}: {}", self.sentence());
        let desk = &attached.desk;
        desk.raise(severity, &message, details, Origin::default());
    }

    fn note(self, members: &mut Members) {
        for (key, value) in [
            ("outcome", "died".into()),
            ("ended_at", self.last_seen),
            ("last_stage", self.last_stage.into()),
            ("calls_in_flight", self.calls.into()),
        ] {
            members.insert(key.to_owned(), value);
        }
    }
}

/// The later of the last record and the last line: both are texts that sort by time.
fn last_seen(updated_at: Value, words: &LastWords) -> Value {
    match (&words.at, updated_at.as_str()) {
        (Some(at), Some(updated)) if at.as_str() > updated => at.as_str().into(),
        (Some(at), None) => at.as_str().into(),
        _ => updated_at,
    }
}

fn named(call: &Call) -> Value {
    json!({
        "stage": call.stage,
        "function": call.function,
        "since": call.since,
        "span_id": call.span,
    })
}
