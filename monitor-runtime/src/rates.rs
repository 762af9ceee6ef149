//! Error rates: which share of a stage's calls failed lately, held against its rules.

use std::collections::BTreeMap;

use monitor_config::duration::display;
use monitor_config::{Condition, Rule};

use crate::alerts::{Calls, Cause};
use crate::attached::Attached;
use crate::core::Core;
use crate::desk::Origin;
use crate::details::Details;
use crate::site::Site;

/// A stage with rules on its error rate.
struct Rated<'a> {
    calls: Calls,
    rules: Vec<&'a Rule>,
    site: &'static Site,
}

impl Attached {
    /// Holds all stages against their rules.
    pub(crate) fn judge_error_rates(&self, core: &Core) {
        for (stage, rated) in self.rated(core) {
            self.judge_stage(core, stage, &rated);
        }
    }

    /// The same for the stage of a function that failed.
    pub(crate) fn judge_error_rate(&self, core: &Core, site: &'static Site) {
        if self
            .rules_of(site, true)
            .all(|rule| rule.on != Condition::ErrorRate)
        {
            return;
        }
        let stage = site.declaration().stage;
        if let Some(rated) = self.rated(core).get(stage) {
            self.judge_stage(core, stage, rated);
        }
    }

    /// What was counted before the run is not of it.
    pub(crate) fn begin_error_rates(&self, core: &Core) {
        let now = self.desk.now();
        for (stage, rated) in self.rated(core) {
            for rule in &rated.rules {
                self.desk.rates().begin(stage, rule, rated.calls, now);
            }
        }
    }

    fn rated(&self, core: &Core) -> BTreeMap<&'static str, Rated<'_>> {
        let mut stages: BTreeMap<&str, Rated<'_>> = BTreeMap::new();
        for site in core.registry.sites() {
            let stage = site.declaration().stage;
            let is_of_rates = |rule: &&Rule| rule.on == Condition::ErrorRate;
            let rated = stages.entry(stage).or_insert_with(|| Rated {
                calls: Calls::default(),
                rules: Vec::new(),
                site,
            });
            for rule in self.rules_of(site, true).filter(is_of_rates) {
                if rated.rules.iter().all(|other| !other.waits_as(rule)) {
                    rated.rules.push(rule);
                }
            }
        }
        stages.retain(|_, rated| !rated.rules.is_empty());
        for (site, calls) in core.registry.outcomes(|stage| stages.contains_key(stage)) {
            if let Some(rated) = stages.get_mut(site.declaration().stage) {
                rated.calls.all += calls.all;
                rated.calls.failed += calls.failed;
            }
        }
        stages
    }

    fn judge_stage(&self, core: &Core, stage: &str, rated: &Rated<'_>) {
        let mut is_well = true;
        for rule in &rated.rules {
            let now = self.desk.now();
            let lately = self.desk.rates().lately(stage, rule, rated.calls, now);
            if !lately.are_too_bad(rule) {
                continue;
            }
            is_well = false;
            let within = rule.within.unwrap_or_default();
            let percent = lately.share() * 100.0;
            let message = format!(
                "{stage} fails too often: {} of {} calls in the last {} ({percent:.0} %, the limit is {} %)",
                lately.failed,
                lately.all,
                display(within),
                rule.above * 100.0
            );
            let mut details = Details::of(&Vec::new());
            details.put("error_rate", lately.share());
            details.put("calls", lately.all);
            details.put("failed", lately.failed);
            details.put("limit", rule.above);
            let details = self.complete(details, core, stage, Some(rated.site));
            let on = Condition::ErrorRate;
            let said = (message, details);
            let cause = Cause::new(rule, on, stage, "", said, Origin::default());
            self.desk.goes_on(&cause);
        }
        if is_well {
            self.desk.went_well(stage, &[Condition::ErrorRate]);
        }
    }
}
