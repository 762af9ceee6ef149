//! A successful call, and the records that it should have.

use std::time::Duration;

use monitor_config::{Condition, Limits};

use super::WENT_WELL;
use crate::alerts::Cause;
use crate::attached::Attached;
use crate::call::Running;
use crate::desk::Origin;
use crate::end::Counts;

impl Attached {
    pub(super) fn judge_success(&self, running: &Running, counts: &Counts, duration: Duration) {
        let site = running.site;
        let stage = site.declaration().stage;
        if running.outermost {
            self.desk.went_well(stage, &WENT_WELL);
        }
        let limits = self.limits_of(site, running.outermost);
        let breaches = record_breaches(stage, &limits, counts);
        if breaches.is_empty() {
            if *counts != Counts::NONE {
                self.desk.went_well(stage, &[Condition::Records]);
            }
            return;
        }
        let on = Condition::Records;
        let origin = Origin::of(running);
        let rule = self.rule_of_limit(site, running.outermost, on, origin);
        for message in breaches {
            if let Some(rule) = &rule {
                let details = self.details(running, None, counts, duration);
                // A breach is told apart by its words.
                let text = message.clone();
                let cause = Cause::new(rule, on, stage, &text, (message, details), origin);
                self.desk.tell(&cause);
            }
        }
    }
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
