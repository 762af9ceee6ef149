//! The lines of a retried call, and its `tracing` events.

use serde_json::json;

use super::decision::{Retry, Stop};
use super::site::RetrySite;
use crate::clock::Tick;
use crate::core::Core;
use crate::fields::{FieldValue, seconds};
use crate::frame;
use crate::logs::layer::OWN_TARGET;
use crate::logs::measured::Measured;
use crate::logs::record::{Data, LineLevel, Record};
use crate::site::Site;

impl Core {
    /// The line of an attempt that failed.
    pub(super) fn attempt_failed(&self, retry: &Retry<'_>) {
        let event_type = match retry.next {
            Ok(_) => "call.retry",
            Err(_) => "call.gave_up",
        };
        let stage = retry.site.map(|site| site.declaration().stage);
        let stop = retry.next.err().map(Stop::as_str);
        let budget = retry.budget.filter(|_| retry.next == Err(Stop::Budget));
        tracing::event!(
            target: OWN_TARGET,
            tracing::Level::WARN,
            event_type,
            stage,
            function = retry.function,
            attempt = retry.attempt,
            max = retry.max,
            goes_on = retry.next.is_ok(),
            wait = retry.next.ok().map(seconds),
            reason = stop,
            budget,
            error = retry.error.error.as_str(),
        );
        let mut data = counted(retry.attempt, retry.max);
        data.push("goes_on", FieldValue::Bool(retry.next.is_ok()));
        match retry.next {
            Ok(wait) => data.push("wait", FieldValue::F64(seconds(wait))),
            Err(stop) => data.push("reason", FieldValue::Text(stop.as_str().into())),
        }
        data.push_some("budget", budget.map(FieldValue::text));
        data.push("error", FieldValue::text(&retry.error.error));
        if !retry.error.chain.is_empty() {
            let chain = FieldValue::Json(json!(retry.error.chain));
            data.push("error_chain", chain);
        }
        let names = (retry.function, retry.module);
        self.retry_line(retry.site, names, LineLevel::Warning, event_type, &data);
        if let (Ok(wait), Some(attached)) = (retry.next, self.attached.get()) {
            let at = Tick::now().since(attached.run.began);
            let span = frame::current().span;
            attached.history.note(|spans| spans.waits(span, at, wait));
        }
    }

    /// The line of a call that succeeded after retries.
    pub(super) fn recovered(&self, site: Option<&'static Site>, loop_: &RetrySite, attempt: u32) {
        let stage = site.map(|site| site.declaration().stage);
        tracing::event!(
            target: OWN_TARGET,
            tracing::Level::INFO,
            event_type = "call.recovered",
            stage,
            function = loop_.function,
            attempt,
            max = loop_.schedule.max,
        );
        let data = counted(attempt, loop_.schedule.max);
        let names = (loop_.function, loop_.module);
        self.retry_line(site, names, LineLevel::Info, "call.recovered", &data);
    }

    /// The line of a call that was dropped in the wait after `attempt`, and the alert that
    /// it gives cause to.
    pub(super) fn retry_cancelled(&self, loop_: &RetrySite, attempt: u32) {
        let site = loop_.site();
        let mut data = counted(attempt, loop_.schedule.max);
        data.push("goes_on", FieldValue::Bool(false));
        let names = (loop_.function, loop_.module);
        self.retry_line(site, names, LineLevel::Warning, "call.cancelled", &data);
        if let (Some(site), Some(attached)) = (loop_.state.attempts.get(), self.attached.get()) {
            attached.attempts_cancelled(self, site, attempt);
        }
    }

    /// A line of the function that is retried, at the call around it.
    pub(super) fn retry_line(
        &self,
        site: Option<&'static Site>,
        (function, module): (&'static str, &'static str),
        level: LineLevel,
        event_type: &str,
        data: &[(&'static str, FieldValue)],
    ) {
        let Some(attached) = self.attached.get() else {
            return;
        };
        let record = Record {
            stage: site.map(|site| site.declaration().stage),
            function: Some(function),
            span: frame::current().span,
            ..Record::new(level, event_type, Data::Fields(data, &[]))
        };
        attached.log.emit(module, &record);
    }
}

fn counted(attempt: u32, max: u32) -> Measured {
    let mut counted = Measured::new();
    counted.push("attempt", FieldValue::U64(attempt.into()));
    counted.push("max", FieldValue::U64(max.into()));
    counted
}
