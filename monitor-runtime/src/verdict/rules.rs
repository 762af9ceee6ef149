//! The rules and limits for a call.

use monitor_config::{Condition, Limits, Rule, Severity};

use crate::attached::Attached;
use crate::desk::Origin;
use crate::site::Site;

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

    /// The rule for a limit that was crossed: a warning, unless rules say otherwise.
    pub(super) fn rule_of_limit(
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
}
