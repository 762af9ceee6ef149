//! Stages that have not succeeded for too long. Looked at about once a second by the
//! thread that writes the metrics.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use monitor_config::duration::display;
use monitor_config::{Condition, Severity};
use serde_json::json;

use crate::attached::Attached;
use crate::core::Core;
use crate::desk::Origin;

/// What is known of the successes of one stage.
#[derive(Clone, Copy, Debug)]
struct Seen {
    successes: u64,
    /// When they last grew; at first, since when the stage is watched.
    since: Instant,
    told: bool,
}

/// The stages that are watched.
#[derive(Debug, Default)]
pub(crate) struct Staleness {
    stages: BTreeMap<String, Seen>,
}

/// What a stage is held against.
struct Watched {
    limit: Duration,
    severity: Severity,
    successes: u64,
}

impl Staleness {
    /// Raises an alert for each stage that went without a success for too long, once
    /// until it succeeds again.
    pub(crate) fn check(&mut self, core: &Core, attached: &Attached, now: Instant) {
        for (stage, watched) in watched(core, attached) {
            let seen = self.stages.entry(stage.clone()).or_insert(Seen {
                successes: watched.successes,
                since: now,
                told: false,
            });
            if watched.successes > seen.successes {
                *seen = Seen {
                    successes: watched.successes,
                    since: now,
                    told: false,
                };
            }
            let without = now.saturating_duration_since(seen.since);
            if without < watched.limit || seen.told {
                continue;
            }
            seen.told = true;
            let limit = display(watched.limit);
            let message = format!("{stage} has not succeeded for {limit}");
            let details = json!({
                "stage": stage,
                "stale_after": watched.limit.as_secs_f64(),
                "successes": watched.successes,
                "run_id": attached.run.id_text(),
                "host": attached.run.host,
            });
            attached
                .desk
                .raise(watched.severity, &message, details, Origin::default());
        }
    }
}

/// The stages with such a limit: those of monitor.toml from the start of the run, those
/// of attributes from their first call on.
fn watched(core: &Core, attached: &Attached) -> BTreeMap<String, Watched> {
    let mut all = BTreeMap::new();
    for (stage, declared) in &attached.stages {
        if let Some(limit) = declared.limits.stale_after {
            let watched = Watched {
                limit,
                severity: Severity::Warning,
                successes: 0,
            };
            all.insert(stage.clone(), watched);
        }
    }
    for (site, successes) in core.registry.successes() {
        let declaration = site.declaration();
        let Some(limit) = attached.limits_of(site).stale_after else {
            continue;
        };
        let severity = declaration.severity_of_limit(Condition::Stale);
        all.entry(declaration.stage.to_owned())
            .and_modify(|watched| {
                watched.limit = watched.limit.min(limit);
                watched.severity = watched.severity.max(severity);
                watched.successes += successes;
            })
            .or_insert(Watched {
                limit,
                severity,
                successes,
            });
    }
    all
}
