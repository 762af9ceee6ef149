//! Which rule an event meets.

use std::sync::atomic::Ordering;

use monitor_config::duration::display;
use monitor_config::{Condition, Rule};

use super::lock;
use super::not_told::Suppressed;
use crate::desk::{AlertDesk, Origin};

impl AlertDesk {
    /// Which of `rules` is met by an event that is all of `conditions`: the loudest, and of
    /// equally loud ones the first. One that waits for more events is told of in the log.
    pub(crate) fn met<'r>(
        &self,
        stage: &str,
        rules: impl Iterator<Item = &'r Rule>,
        conditions: &[Condition],
        origin: Origin,
    ) -> Option<Rule> {
        let now = self.now();
        let mut met: Option<Rule> = None;
        let mut waits: Option<(u32, Rule)> = None;
        for rule in rules.filter(|rule| conditions.contains(&rule.on)) {
            if rule.after > 1 {
                let count = lock(&self.folding.counted).event(stage, rule, now);
                self.folding.is_troubled.store(true, Ordering::Relaxed);
                if count < rule.after {
                    waits = Some((count, *rule));
                    continue;
                }
            }
            if met.is_none_or(|met| rule.severity > met.severity) {
                met = Some(*rule);
            }
        }
        if let (None, Some((count, rule))) = (met, waits) {
            let within = rule.within.map_or(" in a row".to_owned(), |within| {
                format!(" within {}", display(within))
            });
            let (on, after) = (rule.on.as_str(), rule.after);
            self.suppressed(&Suppressed {
                severity: rule.severity,
                on: Some(rule.on),
                what: &format!("{stage}: {on} {count} of {after}{within}"),
                reason: "waits for more",
                count: count.into(),
                fingerprint: None,
                origin,
            });
        }
        met
    }
}
