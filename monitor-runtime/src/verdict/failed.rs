//! A call that failed, or was cancelled.

use std::sync::Arc;
use std::time::Duration;

use monitor_config::duration::display;
use monitor_config::{Condition, Rule};
use serde_json::Value;

use crate::alerts::Cause;
use crate::attached::Attached;
use crate::call::Running;
use crate::core::Core;
use crate::desk::Origin;
use crate::details::Details;
use crate::end::Counts;
use crate::failure::ErrorText;
use crate::retry::pending::{self, Pending};
use crate::site::Site;

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

impl Attached {
    pub(super) fn judge_cancelled(&self, running: &Running, counts: &Counts, duration: Duration) {
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

    pub(super) fn judge_failure(
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
}

fn origin_of(site: &Site) -> Origin {
    let declaration = site.declaration();
    Origin {
        stage: Some(declaration.stage),
        function: Some(declaration.function),
        span: 0,
    }
}
