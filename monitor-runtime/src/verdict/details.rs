//! What an alert tells of a call.

use std::time::Duration;

use serde_json::{Value, json};

use crate::attached::Attached;
use crate::call::Running;
use crate::details::Details;
use crate::end::Counts;
use crate::failure::ErrorText;
use crate::fields::{FieldValue, seconds};
use crate::logs::measured::Measured;

impl Attached {
    /// What is known of a call that ended.
    pub(super) fn details(
        &self,
        running: &Running,
        text: Option<&ErrorText>,
        counts: &Counts,
        duration: Duration,
    ) -> Value {
        let mut details = Details::of(&running.opening().fields);
        let declaration = running.site.declaration();
        details.put("stage", declaration.stage);
        details.put("function", declaration.function);
        if let Some(text) = text {
            details.put("error", text.error.as_str());
            if !text.chain.is_empty() {
                details.put("error_chain", json!(text.chain));
            }
        }
        for (name, value) in counted(counts).iter() {
            details.put(name, value.to_json());
        }
        // A call that is one attempt of a loop tells which.
        let retries = running.opening().attempt.number.saturating_sub(1);
        let attempts = u64::from(running.notes().retries) + u64::from(retries) + 1;
        details.put("attempts", attempts);
        if let Some(stop) = running.notes().stop {
            details.put("gave_up", stop.as_str());
        }
        details.put("duration", seconds(duration));
        self.complete(
            details,
            &running.core,
            declaration.stage,
            Some(running.site),
        )
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
