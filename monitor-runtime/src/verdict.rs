//! What a call gives cause to alert about: rules that its end meets, limits that it
//! crosses.

use std::sync::Arc;
use std::time::Duration;

use monitor_config::duration::display;
use monitor_config::{Condition, Limits, Rule, Severity};
use serde_json::{Value, json};

use crate::alerts::Cause;
use crate::attached::Attached;
use crate::call::Running;
use crate::core::Core;
use crate::desk::Origin;
use crate::details::Details;
use crate::end::{Counts, End};
use crate::failure::ErrorText;
use crate::fields::{FieldValue, seconds};
use crate::folding::Successes;
use crate::logs::measured::Measured;
use crate::logs::record::{Data, LineLevel, Record};
use crate::retry::pending::{self, Pending};
use crate::site::Site;
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

    /// The rules for a function's calls: its own, and those that monitor.toml has for the stage,
    /// of which a call inside another call of the stage is only a part.
    pub(crate) fn rules_of(
        &self,
        site: &'static Site,
        outermost: bool,
    ) -> impl Iterator<Item = &Rule> {
        let declaration = site.declaration();
        let stage = self.stages.get(declaration.stage).filter(|_| outermost);
        let of_stage = stage.into_iter().flat_map(|stage| &stage.alerts);
        declaration.rules.iter().chain(of_stage)
    }

    /// Raises the alerts that the end of a call calls for. Gives what the call around is to
    /// know its failure by; zero for none.
    pub(crate) fn judge(
        self: &Arc<Self>,
        running: &Running,
        end: &End,
        counts: &Counts,
        duration: Duration,
    ) -> u64 {
        let below = running.notes().failure;
        let failure = match end {
            End::Ok => {
                self.desk.nobody_passes(below);
                self.judge_success(running, counts, duration);
                0
            }
            End::Cancelled => {
                self.desk.nobody_passes(below);
                self.judge_cancelled(running, counts, duration);
                0
            }
            End::Error(text) | End::TimedOut(text) => {
                let conditions = &[Condition::Failure];
                self.judge_failure(running, text, conditions, (counts, duration))
            }
            End::Panic(text) => {
                let conditions = &[Condition::Failure, Condition::Panic];
                self.judge_failure(running, text, conditions, (counts, duration))
            }
        };
        if let Some(watchdog) = running.watchdog()
            && !watchdog.ended(duration)
            && matches!(end, End::Ok)
        {
            let stage = running.site.declaration().stage;
            self.desk.went_well(stage, &[Condition::Slow]);
        }
        failure
    }

    fn judge_success(&self, running: &Running, counts: &Counts, duration: Duration) {
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

    fn judge_cancelled(&self, running: &Running, counts: &Counts, duration: Duration) {
        let (site, origin, on) = (running.site, Origin::of(running), Condition::Cancelled);
        let stage = site.declaration().stage;
        let rules = self.rules_of(site, running.outermost);
        if let Some(rule) = self.desk.met(stage, rules, &[on], origin) {
            let message = format!("{stage} was cancelled after {}", display(duration));
            let details = self.details(running, None, counts, duration);
            let cause = Cause::new(&rule, on, stage, "", (message, details), origin);
            self.desk.tell(&cause);
        }
    }

    fn judge_failure(
        self: &Arc<Self>,
        running: &Running,
        text: &ErrorText,
        conditions: &'static [Condition],
        (counts, duration): (&Counts, Duration),
    ) -> u64 {
        let (site, outermost) = (running.site, running.outermost);
        let is_about = |rule: &Rule| conditions.contains(&rule.on);
        let details = if self.rules_of(site, outermost).any(is_about) {
            self.details(running, Some(text), counts, duration)
        } else {
            Value::Null
        };
        let failure = Failed {
            site,
            outermost,
            conditions,
            text: text.clone(),
            details,
            origin: Origin::of(running),
            below: running.notes().failure,
        };
        let is_panic = conditions.contains(&Condition::Panic);
        match running.opening().attempt.retry {
            // A panic is not retried.
            Some(retry) if !is_panic => {
                pending::hold(
                    retry,
                    Pending {
                        core: running.core.clone(),
                        attached: Arc::clone(self),
                        failed: failure,
                    },
                );
                0
            }
            _ => self.failed(&running.core, &failure),
        }
    }

    /// A call failed for good. Gives what the call around is to know it by.
    pub(crate) fn failed(&self, core: &Core, failed: &Failed) -> u64 {
        let Failed {
            site,
            outermost,
            origin,
            text,
            ..
        } = failed;
        let stage = site.declaration().stage;
        let rules = self.rules_of(site, *outermost);
        let rule = self.desk.met(stage, rules, failed.conditions, *origin);
        let cause = rule.map(|rule| {
            let said = (
                format!("{stage} failed: {}", text.error),
                failed.details.clone(),
            );
            Cause::new(&rule, Condition::Failure, stage, &text.error, said, *origin)
        });
        let failure = self.desk.failed(failed.below, text, cause, *origin);
        if *outermost {
            self.judge_error_rate(core, site);
        }
        failure
    }

    /// Ends the troubles of stages that have succeeded since the last look: a call without lines
    /// tells of no success.
    pub(crate) fn look_for_successes(&self, core: &Core) {
        let mut successes = Successes::new();
        for (site, count) in core.registry.successes() {
            if !site.is_visible() {
                *successes.entry(site.declaration().stage).or_default() += count;
            }
        }
        let Some((at, before)) = self.desk.see_successes(successes.clone()) else {
            return;
        };
        for (stage, count) in successes {
            if count > before.get(stage).copied().unwrap_or(0) {
                self.desk.went_well_since(stage, &WENT_WELL, Some(at));
            }
        }
    }

    /// The alert of a loop around a monitored function whose last attempt left none. Gives what
    /// the call around is to know it by.
    pub(crate) fn attempts_failed(
        &self,
        core: &Core,
        site: &'static Site,
        attempts: u32,
        text: &ErrorText,
    ) -> u64 {
        let mut details = Details::of(&Vec::new());
        details.put("error", text.error.as_str());
        details.put("attempts", attempts);
        let declaration = site.declaration();
        let failed = Failed {
            site,
            outermost: true,
            conditions: &[Condition::Failure],
            text: text.clone(),
            details: self.complete(details, core, declaration.stage, Some(site)),
            origin: origin_of(site),
            below: 0,
        };
        self.failed(core, &failed)
    }

    /// The alert of such a loop that was dropped while it waited.
    pub(crate) fn attempts_cancelled(&self, core: &Core, site: &'static Site, attempts: u32) {
        let (stage, on, origin) = (
            site.declaration().stage,
            Condition::Cancelled,
            origin_of(site),
        );
        let rules = self.rules_of(site, true);
        if let Some(rule) = self.desk.met(stage, rules, &[on], origin) {
            let mut details = Details::of(&Vec::new());
            details.put("attempts", attempts);
            let details = self.complete(details, core, stage, Some(site));
            let message = format!("{stage} was cancelled between two attempts");
            let cause = Cause::new(&rule, on, stage, "", (message, details), origin);
            self.desk.tell(&cause);
        }
    }

    /// The rule for a limit that was crossed: a warning, unless rules say otherwise.
    fn rule_of_limit(
        &self,
        site: &'static Site,
        outermost: bool,
        on: Condition,
        origin: Origin,
    ) -> Option<Rule> {
        let mut rules = self.rules_of(site, outermost);
        if rules.any(|rule| rule.on == on) {
            let rules = self.rules_of(site, outermost);
            return self
                .desk
                .met(site.declaration().stage, rules, &[on], origin);
        }
        Some(Rule::new(on, Severity::Warning))
    }

    /// What is known of a call that ended.
    fn details(
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

/// What a successful call of a stage ends. Limits are ended by a call that is within them.
const WENT_WELL: [Condition; 4] = [
    Condition::Failure,
    Condition::Panic,
    Condition::Cancelled,
    Condition::Stale,
];

/// A failure, until it is known whether another attempt follows.
#[derive(Debug)]
pub(crate) struct Failed {
    site: &'static Site,
    outermost: bool,
    conditions: &'static [Condition],
    pub(crate) text: ErrorText,
    details: Value,
    origin: Origin,
    /// The failure of an inner call.
    pub(crate) below: u64,
}

fn origin_of(site: &Site) -> Origin {
    let declaration = site.declaration();
    Origin {
        stage: Some(declaration.stage),
        function: Some(declaration.function),
        span: 0,
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
        let on = Condition::Slow;
        let Some(rule) = attached.rule_of_limit(call.site, call.outermost, on, call.origin) else {
            return;
        };
        let mut details = Details::of(&call.fields);
        details.put("limit", seconds(call.limit));
        if let Some(took) = duration {
            details.put("duration", seconds(took));
        }
        let details = attached.complete(details, self, stage, Some(call.site));
        let cause = Cause::new(&rule, on, stage, "", (message, details), call.origin);
        attached.desk.tell(&cause);
    }
}
