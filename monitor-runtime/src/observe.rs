//! What a call says: its lines, its `tracing` events, its alert.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::attached::Attached;
use crate::call::{End, Running};
use crate::core::Core;
use crate::desk::Origin;
use crate::failure::ErrorText;
use crate::fields::{FieldValue, seconds};
use crate::finish::complain;
use crate::frame;
use crate::history::ErrorEntry;
use crate::logs::layer::OWN_TARGET;
use crate::logs::record::{Context, Data, ERROR, ErrorPart, LineLevel, Record};
use crate::retry::site::Retry;
use crate::site::Site;

type Measured = Vec<(&'static str, FieldValue)>;

/// An event for subscribers that are not ours: the level must be known when it is
/// compiled.
macro_rules! trace {
    ($level:expr, $($field:tt)*) => {
        match $level {
            LineLevel::Trace => tracing::event!(target: OWN_TARGET, tracing::Level::TRACE, $($field)*),
            LineLevel::Debug => tracing::event!(target: OWN_TARGET, tracing::Level::DEBUG, $($field)*),
            LineLevel::Info => tracing::event!(target: OWN_TARGET, tracing::Level::INFO, $($field)*),
            LineLevel::Warning => tracing::event!(target: OWN_TARGET, tracing::Level::WARN, $($field)*),
            _ => tracing::event!(target: OWN_TARGET, tracing::Level::ERROR, $($field)*),
        }
    };
}

impl Core {
    /// The line that a visible call starts with.
    pub(crate) fn call_started(&self, running: &Running) {
        let declaration = running.site.declaration();
        let level = LineLevel::of_stage(declaration.level);
        let event_type = format_args!("{}_START", declaration.event);
        trace!(
            level,
            event_type,
            stage = declaration.stage,
            function = declaration.function
        );
        let Some(attached) = self.attached() else {
            self.warn_of_unused_guard(declaration.function);
            return;
        };
        let (measured, event_type) = (attempt(running), event_type.to_string());
        let record = record(
            running,
            level,
            &event_type,
            Data::Fields(&measured, &running.fields),
        );
        attached.log.emit(declaration.module, &record);
    }

    /// `let _ = builder.install()` drops the guard at once, and nothing would say so.
    fn warn_of_unused_guard(&self, function: &str) {
        if self.left_unused.load(Ordering::Relaxed)
            && self.left_unused.swap(false, Ordering::Relaxed)
        {
            complain(&format!(
                "`{function}` runs unmonitored: the monitor was dropped before the first call; \
                 keep it until the end of `main`: `let _monitor = Monitor::builder()….install()?;`"
            ));
        }
    }

    /// The line that a call ends with, and the alert of a final failure.
    pub(crate) fn call_ended(
        &self,
        running: &Running,
        end: &End,
        records: Option<u64>,
        duration: Duration,
    ) {
        let site = running.site;
        let declaration = site.declaration();
        let (suffix, level, error) = match end {
            End::Ok => ("END", LineLevel::of_stage(declaration.level), None),
            End::Cancelled => ("CANCELLED", LineLevel::Warning, None),
            End::Error(text) | End::Panic(text) => ("ERROR", LineLevel::Error, Some(text)),
        };
        if error.is_none() && !site.is_visible() {
            return;
        }
        let event_type = format!("{}_{suffix}", declaration.event);
        trace!(
            level,
            event_type = event_type.as_str(),
            stage = declaration.stage,
            function = declaration.function,
            duration = seconds(duration),
            records,
            error = error.map(|text| text.error.as_str()),
        );
        let Some(attached) = self.attached() else {
            return;
        };
        let measured = measurements(running, end, records, duration);
        let data = Data::Fields(&measured, &running.fields);
        let mut record = record(running, level, &event_type, data);
        if let Some(text) = error {
            record.message = ERROR;
            record.error = Some(ErrorPart {
                text,
                context: Context::Fields(&running.fields),
            });
            attached.history.add_error(ErrorEntry {
                time: record.time,
                event_type: event_type.clone(),
                stage: Some(declaration.stage.to_owned()),
                function: Some(declaration.function.to_owned()),
                text: text.clone(),
            });
        }
        attached.log.emit(declaration.module, &record);
        // A panic is not retried.
        let is_final = running.attempt.last || matches!(end, End::Panic(_));
        if let (Some(text), Some(severity), true) = (error, declaration.alert, is_final) {
            let message = format!("{} failed: {}", declaration.stage, text.error);
            let details = details(running, text, duration, &attached);
            attached
                .desk
                .raise(severity, &message, details, Origin::of(running));
        }
    }

    /// The line of an attempt that failed and will be followed by another.
    pub(crate) fn retried(&self, retry: &Retry<'_>) {
        let frame = frame::current();
        let stage = retry.site.map(|site| site.declaration().stage);
        tracing::event!(
            target: OWN_TARGET,
            tracing::Level::WARN,
            event_type = "call.retry",
            stage,
            function = retry.function,
            attempt = retry.attempt,
            max = retry.max,
            wait = seconds(retry.wait),
            error = retry.error.error.as_str(),
        );
        let Some(attached) = self.attached() else {
            return;
        };
        let mut data = vec![
            ("attempt", FieldValue::U64(retry.attempt.into())),
            ("max", FieldValue::U64(retry.max.into())),
            ("wait", FieldValue::F64(seconds(retry.wait))),
            ("error", FieldValue::Text(retry.error.error.clone().into())),
        ];
        if !retry.error.chain.is_empty() {
            let chain = FieldValue::Json(json!(retry.error.chain));
            data.push(("error_chain", chain));
        }
        let record = Record {
            stage,
            function: Some(retry.function),
            span: frame.span,
            ..Record::new(LineLevel::Warning, "call.retry", Data::Fields(&data, &[]))
        };
        attached.log.emit(retry.module, &record);
    }
}

impl Origin {
    fn of(running: &Running) -> Self {
        let declaration = running.site.declaration();
        Self {
            stage: Some(declaration.stage),
            function: Some(declaration.function),
            span: running.frame.span,
        }
    }

    /// The call around the current code.
    pub(crate) fn here() -> Self {
        let frame = frame::current();
        let declaration = frame.site.map(Site::declaration);
        Self {
            stage: declaration.map(|declaration| declaration.stage),
            function: declaration.map(|declaration| declaration.function),
            span: frame.span,
        }
    }
}

fn record<'a>(
    running: &Running,
    level: LineLevel,
    event_type: &'a str,
    data: Data<'a>,
) -> Record<'a> {
    Record {
        parent_span: running.parent_span,
        ..Record::new(level, event_type, data).from(Origin::of(running))
    }
}

fn attempt(running: &Running) -> Measured {
    match running.attempt.number {
        0 => Vec::new(),
        number => vec![("attempt", FieldValue::U64(number.into()))],
    }
}

fn measurements(
    running: &Running,
    end: &End,
    records: Option<u64>,
    duration: Duration,
) -> Measured {
    let mut measured = Vec::with_capacity(6);
    measured.extend(records.map(|records| ("records", FieldValue::U64(records))));
    measured.push(("duration", FieldValue::F64(seconds(duration))));
    measured.extend(attempt(running));
    let frame = &running.frame;
    if frame.retries > 0 {
        let attempts = u64::from(frame.retries) + 1;
        measured.push(("attempts", FieldValue::U64(attempts)));
        measured.push(("wait", FieldValue::F64(seconds(frame.waited))));
    }
    if matches!(end, End::Panic(_)) {
        measured.push(("outcome", FieldValue::Text("panic".into())));
    }
    measured
}

/// What helps to act on a failure.
fn details(running: &Running, text: &ErrorText, duration: Duration, attached: &Attached) -> Value {
    let declaration = running.site.declaration();
    let mut details = Map::new();
    // What the user named wins: their host is not ours.
    for (name, value) in &running.fields {
        details.insert((*name).to_owned(), value.to_json());
    }
    let mut put = |key: &str, value: Value| {
        details.entry(key).or_insert(value);
    };
    put("stage", declaration.stage.into());
    put("function", declaration.function.into());
    put("error", text.error.as_str().into());
    if !text.chain.is_empty() {
        put("error_chain", json!(text.chain));
    }
    put("attempts", (u64::from(running.frame.retries) + 1).into());
    put("duration", seconds(duration).into());
    put("run_id", attached.run.id_text().into());
    put("host", attached.run.host.as_str().into());
    Value::Object(details)
}
