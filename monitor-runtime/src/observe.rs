//! What a call says: its lines, its `tracing` events, its alert.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::call::Running;
use crate::core::Core;
use crate::course::spans::{Mark, Place};
use crate::desk::Origin;
use crate::end::{Counts, End};
use crate::failure::ErrorText;
use crate::fields::{FieldValue, seconds};
use crate::finish::complain;
use crate::frame;
use crate::history::ErrorEntry;
use crate::logs::layer::OWN_TARGET;
use crate::logs::measured::Measured;
use crate::logs::record::{Context, Data, ERROR, ErrorPart, EventType, LineLevel, Record};
use crate::site::Site;
use crate::verdict::counted;

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
        let event_type = EventType(declaration.event, "_START");
        trace!(
            level,
            event_type = %event_type,
            stage = declaration.stage,
            function = declaration.function
        );
        let is_told = self.attached.with(|attached| {
            let mut measured = Measured::new();
            attempt(running, &mut measured);
            let record = record(
                running,
                level,
                event_type,
                Data::Fields(&measured, &running.opening().fields),
            );
            attached.log.emit(declaration.module, &record);
            let at = running.started_or_now().since(attached.run.began);
            let place = Place {
                stage: declaration.stage.into(),
                function: declaration.function.into(),
            };
            attached
                .history
                .note(|spans| spans.started(running.span, running.parent_span(), place, at));
        });
        if is_told.is_none() {
            self.warn_of_unused_guard(declaration.function);
        }
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

    /// The line that a call ends with, and the alerts that it gives cause to. Gives what the
    /// call around is to know its failure by; zero for none.
    pub(crate) fn call_ended(
        &self,
        running: &Running,
        end: &End,
        counts: &Counts,
        duration: Duration,
    ) -> u64 {
        let site = running.site;
        let declaration = site.declaration();
        let (suffix, level, error) = match end {
            End::Ok => ("_END", LineLevel::of_stage(declaration.level), None),
            End::Cancelled => ("_CANCELLED", LineLevel::Warning, None),
            End::Error(text) | End::Panic(text) | End::TimedOut(text) => {
                ("_ERROR", LineLevel::Error, Some(text))
            }
        };
        let has_line = error.is_some() || site.is_visible();
        let event_type = EventType(declaration.event, suffix);
        if has_line {
            trace!(
                level,
                event_type = %event_type,
                stage = declaration.stage,
                function = declaration.function,
                duration = seconds(duration),
                records = counts.records,
                error = error.map(|text| text.error.as_str()),
            );
        }
        let failure = self.attached.with(|attached| {
            if has_line {
                let measured = measurements(running, end, counts, duration);
                let data = Data::Fields(&measured, &running.opening().fields);
                let mut record = record(running, level, event_type, data);
                if let Some(text) = error {
                    record.message = ERROR;
                    record.error = Some(ErrorPart {
                        text,
                        context: Context::Fields(&running.opening().fields),
                    });
                    attached.history.add_error(ErrorEntry {
                        time: record.time,
                        event_type: event_type.to_string(),
                        stage: Some(declaration.stage.to_owned()),
                        function: Some(declaration.function.to_owned()),
                        text: text.clone(),
                    });
                }
                attached.log.emit(declaration.module, &record);
            }
            if running.has_span() {
                let mark = match end {
                    End::Ok => Mark::Ok,
                    End::Cancelled => Mark::Cancelled,
                    End::Error(_) | End::Panic(_) | End::TimedOut(_) => Mark::Failed,
                };
                attached
                    .history
                    .note(|spans| spans.ended(running.span, duration, mark));
            }
            attached.judge(running, end, counts, duration)
        });
        failure.unwrap_or(0)
    }

    /// Has the call around know that an inner one ended with this failure; zero for one that
    /// nobody is to be told of.
    pub(crate) fn pass_on(&self, failure: u64) {
        let left = frame::note_failure(failure);
        if left != 0 {
            self.attached
                .with(|attached| attached.desk.nobody_passes(left));
        }
    }

    /// An attempt ended with `error`, and another follows.
    pub(crate) fn tried_again(&self, error: &ErrorText) {
        let failure = frame::take_failure();
        if failure != 0 {
            self.attached
                .with(|attached| attached.desk.tried_again(failure, error));
        }
    }
}

impl Origin {
    pub(crate) fn of(running: &Running) -> Self {
        let declaration = running.site.declaration();
        Self {
            stage: Some(declaration.stage),
            function: Some(declaration.function),
            span: running.frame().span,
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
    event_type: EventType<'a>,
    data: Data<'a>,
) -> Record<'a> {
    Record {
        parent_span: running.parent_span(),
        ..Record::new(level, event_type, data).from(Origin::of(running))
    }
}

fn attempt(running: &Running, measured: &mut Measured) {
    let number = running.opening().attempt.number;
    if number > 0 {
        measured.push("attempt", FieldValue::U64(number.into()));
    }
}

fn measurements(running: &Running, end: &End, counts: &Counts, duration: Duration) -> Measured {
    let mut measured = counted(counts);
    measured.push("duration", FieldValue::F64(seconds(duration)));
    if running.polls > 0 {
        let busy = Duration::from_nanos(running.busy);
        measured.push("busy", FieldValue::F64(seconds(busy)));
        measured.push("polls", FieldValue::U64(running.polls.into()));
    }
    attempt(running, &mut measured);
    let retry = running.notes();
    if retry.retries > 0 || !retry.waited().is_zero() {
        let attempts = u64::from(retry.retries) + 1;
        measured.push("attempts", FieldValue::U64(attempts));
        measured.push("wait", FieldValue::F64(seconds(retry.waited())));
    }
    let text = |text: &'static str| FieldValue::Text(text.into());
    let stop = retry.stop.filter(|_| !matches!(end, End::Ok));
    measured.push_some("gave_up", stop.map(|stop| text(stop.as_str())));
    let outcome = match end {
        End::Panic(_) => Some("panic"),
        End::TimedOut(_) => Some("timeout"),
        _ => None,
    };
    measured.push_some("outcome", outcome.map(text));
    measured
}
