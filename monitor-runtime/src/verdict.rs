//! What a call gives cause to alert about: rules that its end meets, limits that it
//! crosses.

use std::sync::Arc;
use std::time::Duration;

use monitor_config::duration::display;
use monitor_config::{Condition, Limits, Rule, Severity};
use serde_json::{Map, Value, json};

use crate::attached::Attached;
use crate::call::Running;
use crate::core::Core;
use crate::desk::Origin;
use crate::end::{Counts, End};
use crate::failure::ErrorText;
use crate::fields::{FieldValue, seconds};
use crate::logs::measured::Measured;
use crate::logs::record::{Data, LineLevel, Record};
use crate::retry::pending::{self, Pending};
use crate::site::{Declaration, Site};
use crate::watchdog::Overdue;

impl Attached {
    /// The limits of a function's calls. Those of monitor.toml come first, and are those of
    /// the stage: a call inside another call of the stage is only a part of it.
    pub(crate) fn limits_of(&self, site: &Site, outermost: bool) -> Limits {
        let declaration = site.declaration();
        match self.stages.get(declaration.stage) {
            Some(stage) if outermost => stage.limits.or(&declaration.limits),
            _ => declaration.limits,
        }
    }

    /// Raises the alerts that the end of a call calls for.
    pub(crate) fn judge(
        self: &Arc<Self>,
        running: &Running,
        end: &End,
        counts: &Counts,
        duration: Duration,
    ) {
        let raise = |severity, message: &str, text: Option<&ErrorText>| {
            let details = self.details(running, text, counts, duration);
            self.desk
                .raise(severity, message, details, Origin::of(running));
        };
        let fail = |text: &ErrorText, severity: Option<Severity>| {
            let Some(severity) = severity else { return };
            let message = format!(
                "{} failed: {}",
                running.site.declaration().stage,
                text.error
            );
            match (running.opening().attempt.retry, end) {
                // A panic is not retried.
                (Some(retry), End::Error(_) | End::TimedOut(_)) => {
                    let details = self.details(running, Some(text), counts, duration);
                    pending::hold(
                        retry,
                        Pending {
                            attached: Arc::clone(self),
                            severity,
                            message,
                            details,
                            origin: Origin::of(running),
                        },
                    );
                }
                _ => raise(severity, &message, Some(text)),
            }
        };
        let declaration = running.site.declaration();
        let stage = declaration.stage;
        match end {
            End::Ok => {
                let severity = declaration.severity_of_limit(Condition::Records);
                let limits = self.limits_of(running.site, running.outermost);
                for message in record_breaches(stage, &limits, counts) {
                    raise(severity, &message, None);
                }
            }
            End::Cancelled => {
                if let Some(severity) = declaration.severity(&[Condition::Cancelled]) {
                    let after = display(duration);
                    raise(
                        severity,
                        &format!("{stage} was cancelled after {after}"),
                        None,
                    );
                }
            }
            End::Error(text) | End::TimedOut(text) => {
                fail(text, declaration.severity(&[Condition::Failure]));
            }
            End::Panic(text) => {
                let conditions = [Condition::Failure, Condition::Panic];
                fail(text, declaration.severity(&conditions));
            }
        }
        if let Some(watchdog) = running.watchdog() {
            watchdog.ended(duration);
        }
    }

    /// The alert of a loop around a monitored function whose last attempt left none.
    pub(crate) fn attempts_failed(&self, site: &Site, attempts: u32, text: &ErrorText) {
        let message = |stage: &str| format!("{stage} failed: {}", text.error);
        let details = json!({"error": text.error});
        self.alert_of_a_loop(site, Condition::Failure, attempts, message, details);
    }

    /// The alert of such a loop that was dropped while it waited.
    pub(crate) fn attempts_cancelled(&self, site: &Site, attempts: u32) {
        let message = |stage: &str| format!("{stage} was cancelled between two attempts");
        self.alert_of_a_loop(site, Condition::Cancelled, attempts, message, json!({}));
    }

    fn alert_of_a_loop(
        &self,
        site: &Site,
        on: Condition,
        attempts: u32,
        message: impl FnOnce(&str) -> String,
        mut details: Value,
    ) {
        let declaration = site.declaration();
        let Some(severity) = declaration.severity(&[on]) else {
            return;
        };
        details["stage"] = declaration.stage.into();
        details["function"] = declaration.function.into();
        details["attempts"] = attempts.into();
        details["run_id"] = self.run.id_text().into();
        details["host"] = self.run.host.as_str().into();
        let origin = Origin {
            stage: Some(declaration.stage),
            function: Some(declaration.function),
            span: 0,
        };
        self.desk
            .raise(severity, &message(declaration.stage), details, origin);
    }

    /// What helps to act on an alert.
    fn details(
        &self,
        running: &Running,
        text: Option<&ErrorText>,
        counts: &Counts,
        duration: Duration,
    ) -> Value {
        let mut details = Map::new();
        // What the user named wins: their host is not ours.
        for (name, value) in &running.opening().fields {
            details.insert((*name).to_owned(), value.to_json());
        }
        let mut put = |key: &str, value: Value| {
            details.entry(key).or_insert(value);
        };
        let declaration = running.site.declaration();
        put("stage", declaration.stage.into());
        put("function", declaration.function.into());
        if let Some(text) = text {
            put("error", text.error.as_str().into());
            if !text.chain.is_empty() {
                put("error_chain", json!(text.chain));
            }
        }
        for (name, value) in counted(counts).iter() {
            put(name, value.to_json());
        }
        // A call that is one attempt of a loop tells which.
        let retries = running.opening().attempt.number.saturating_sub(1);
        let attempts = u64::from(running.notes().retries) + u64::from(retries) + 1;
        put("attempts", attempts.into());
        if let Some(stop) = running.notes().stop {
            put("gave_up", stop.as_str().into());
        }
        put("duration", seconds(duration).into());
        put("run_id", self.run.id_text().into());
        put("host", self.run.host.as_str().into());
        Value::Object(details)
    }
}

/// What was counted, as a line and an alert show it.
pub(crate) fn counted(counts: &Counts) -> Measured {
    let mut measured = Measured::new();
    for (name, count) in [
        ("records", counts.records),
        ("records_in", counts.records_in),
        ("rejected", counts.rejected),
    ] {
        measured.push_some(name, count.map(FieldValue::U64));
    }
    let unaccounted = counts.unaccounted().filter(|missing| *missing != 0);
    measured.push_some("unaccounted", unaccounted.map(FieldValue::I64));
    measured
}

/// What is wrong with the number of records of a successful call.
fn record_breaches(stage: &str, limits: &Limits, counts: &Counts) -> Vec<String> {
    let mut breaches = Vec::new();
    if let Some(records) = counts.records {
        if let Some(min) = limits.min_records.filter(|min| records < *min) {
            breaches.push(format!(
                "{stage} produced {records} records, at least {min} are expected"
            ));
        }
        if let Some(max) = limits.max_records.filter(|max| records > *max) {
            breaches.push(format!(
                "{stage} produced {records} records, at most {max} are expected"
            ));
        }
    }
    if let (Some(given), Some(passed), Some(missing)) =
        (counts.records_in, counts.records, counts.unaccounted())
    {
        let rejected = counts.rejected.unwrap_or(0);
        let account = format!("received {given}, passed {passed}, rejected {rejected}");
        if missing > 0 {
            breaches.push(format!(
                "{stage} lost records: {account}, {missing} unaccounted for"
            ));
        }
        if missing < 0 {
            let more = missing.unsigned_abs();
            breaches.push(format!(
                "{stage} has more records than it was given: {account}, {more} too many"
            ));
        }
    }
    breaches
}

impl Core {
    /// A call lasts longer than it should; it has ended where its duration is known.
    pub(crate) fn call_is_slow(&self, call: &Overdue, duration: Option<Duration>) {
        let Some(attached) = self.attached.get() else {
            return;
        };
        let declaration = call.site.declaration();
        let mut data = vec![("limit", FieldValue::F64(seconds(call.limit)))];
        data.extend(duration.map(|took| ("duration", FieldValue::F64(seconds(took)))));
        let record = Record {
            parent_span: call.parent_span,
            ..Record::new(
                LineLevel::Warning,
                "call.slow",
                Data::Fields(&data, &call.fields),
            )
            .from(call.origin)
        };
        attached.log.emit(declaration.module, &record);
        let (stage, limit) = (declaration.stage, display(call.limit));
        let message = match duration {
            Some(took) => format!(
                "{stage} was slow: it took {}, the limit is {limit}",
                display(took)
            ),
            None => format!("{stage} is slow: it has been running for more than {limit}"),
        };
        let mut details = json!({
            "stage": stage,
            "function": declaration.function,
            "limit": seconds(call.limit),
            "run_id": attached.run.id_text(),
            "host": attached.run.host,
        });
        for (name, value) in &call.fields {
            details[*name] = value.to_json();
        }
        let severity = declaration.severity_of_limit(Condition::Slow);
        attached
            .desk
            .raise(severity, &message, details, call.origin);
    }
}

impl Declaration {
    /// The highest severity that a rule asks for on one of `conditions`.
    pub(crate) fn severity(&self, conditions: &[Condition]) -> Option<Severity> {
        let rules = self.rules.iter();
        rules
            .filter(|rule| conditions.contains(&rule.on))
            .map(|rule: &Rule| rule.severity)
            .max()
    }

    /// A limit is crossed with a warning, unless a rule says otherwise.
    pub(crate) fn severity_of_limit(&self, condition: Condition) -> Severity {
        self.severity(&[condition]).unwrap_or(Severity::Warning)
    }
}
