//! Stages that have not succeeded for too long, in this run and those before it. Looked at about once a second by the
//! thread that writes the metrics.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime};

use monitor_config::duration::display;
use monitor_config::{Condition, Rule, Severity};

use crate::alerts::Cause;
use crate::attached::Attached;
use crate::core::Core;
use crate::desk::Origin;
use crate::details::Details;
use crate::runs::Moments;
use crate::site::Site;

/// What is known of the successes of one stage.
#[derive(Clone, Copy, Debug)]
struct Seen {
    successes: u64,
    /// When they last grew; at first, since when the stage is watched.
    since: Instant,
    /// How long it had not succeeded by then.
    before: Duration,
}

/// The stages that are watched.
#[derive(Debug, Default)]
pub(crate) struct Staleness {
    stages: BTreeMap<String, Seen>,
    /// When the run began, and how long each stage had not succeeded by then.
    earlier: Option<(Instant, BTreeMap<String, Duration>)>,
}

/// What a stage is held against.
struct Watched {
    limit: Duration,
    rule: Rule,
    successes: u64,
    site: Option<&'static Site>,
}

impl Staleness {
    /// For a run that begins `now` (on both clocks), where earlier ones tell since when each
    /// stage had gone without a success.
    pub(crate) fn new(
        core: &Core,
        attached: &Attached,
        without_success: &Moments,
        (now, wall_clock): (Instant, SystemTime),
    ) -> Self {
        let age = |at: &SystemTime| wall_clock.duration_since(*at).unwrap_or_default();
        let ages = without_success.iter();
        let mut new = Self {
            stages: BTreeMap::new(),
            earlier: Some((
                now,
                ages.map(|(stage, at)| (stage.clone(), age(at))).collect(),
            )),
        };
        // What succeeded before the run began is known by its age.
        for (stage, watched) in watched(core, attached) {
            let seen = Seen {
                successes: watched.successes,
                ..new.first_seen(&stage, now)
            };
            new.stages.insert(stage, seen);
        }
        new
    }

    /// A stage that is watched from now on.
    fn first_seen(&self, stage: &str, now: Instant) -> Seen {
        let earlier = self.earlier.as_ref();
        let earlier = earlier.and_then(|(start, ages)| Some((*start, *ages.get(stage)?)));
        let (since, before) = earlier.unwrap_or((now, Duration::ZERO));
        Seen {
            successes: 0,
            since,
            before,
        }
    }

    /// Raises an alert for each stage that goes without a success for too long, until it
    /// succeeds again.
    pub(crate) fn check(&mut self, core: &Core, attached: &Attached, now: Instant) {
        for (stage, watched) in watched(core, attached) {
            let first = self.first_seen(&stage, now);
            let seen = self.stages.entry(stage.clone()).or_insert(first);
            if watched.successes > seen.successes {
                attached.desk.went_well(&stage, &[Condition::Stale]);
                *seen = Seen {
                    successes: watched.successes,
                    since: now,
                    before: Duration::ZERO,
                };
            }
            let without = now
                .saturating_duration_since(seen.since)
                .saturating_add(seen.before);
            if without < watched.limit {
                continue;
            }
            let limit = display(watched.limit);
            let message = format!("{stage} has not succeeded for {limit}");
            let mut details = Details::of(&Vec::new());
            details.put("stale_after", watched.limit.as_secs_f64());
            details.put("successes", watched.successes);
            let details = attached.complete(details, core, &stage, watched.site);
            let said = (message, details);
            let on = Condition::Stale;
            let cause = Cause::new(&watched.rule, on, &stage, "", said, Origin::default());
            attached.desk.goes_on(&cause);
        }
    }
}

/// The stages with such a limit: those of monitor.toml from the start of the run, those
/// of attributes from their first call on.
fn watched(core: &Core, attached: &Attached) -> BTreeMap<String, Watched> {
    let mut all: BTreeMap<String, Watched> = BTreeMap::new();
    let warning = Rule::new(Condition::Stale, Severity::Warning);
    for (stage, declared) in &attached.stages {
        if let Some(limit) = declared.limits.stale_after {
            let watched = Watched {
                limit,
                rule: loudest(declared.alerts.iter()).unwrap_or(warning),
                successes: 0,
                site: None,
            };
            all.insert(stage.clone(), watched);
        }
    }
    for (site, successes) in core.registry.successes() {
        let Some(limit) = attached.limits_of(site, true).stale_after else {
            continue;
        };
        let rule = loudest(attached.rules_of(site, true)).unwrap_or(warning);
        let stage = site.declaration().stage.to_owned();
        let watched = all.entry(stage).or_insert(Watched {
            limit,
            rule,
            successes: 0,
            site: Some(site),
        });
        watched.limit = watched.limit.min(limit);
        watched.successes += successes;
        watched.site.get_or_insert(site);
        if rule.severity > watched.rule.severity {
            watched.rule = rule;
        }
    }
    all
}

/// The loudest of the rules that are about it, and of equally loud ones the first.
fn loudest<'r>(rules: impl Iterator<Item = &'r Rule>) -> Option<Rule> {
    let about = rules.filter(|rule| rule.on == Condition::Stale).copied();
    about.reduce(|loudest, rule| {
        if rule.severity > loudest.severity {
            rule
        } else {
            loudest
        }
    })
}

#[cfg(test)]
mod tests {
    use monitor_config::{Limits, Stage};

    use super::*;
    use crate::metrics::finished::Finished;
    use crate::metrics::kind::Outcome;
    use crate::site::{Declaration, Site};
    use crate::testing;

    static SITE: Site = Site::declared(
        Declaration::new("NBA-17", "INGEST", "ingest", "stale").stale_after(60, 0),
        &["stage"],
        &SITE,
    );

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn a_stage_without_a_success_for_too_long_is_told_once_until_the_next_success() {
        let core = Core::for_test(true);
        let (attached, memory) = testing::in_memory(BTreeMap::new());
        let stats = SITE.stats_in(&core);
        let (mut staleness, start) = (Staleness::default(), Instant::now());
        let mut last = 0;
        let mut told_at = |seconds| {
            let before = memory.text().lines().count();
            attached.desk.advance(Duration::from_secs(seconds - last));
            last = seconds;
            staleness.check(&core, &attached, after(start, seconds));
            memory.text().lines().count() - before
        };
        assert_eq!([0, 59].map(&mut told_at), [0, 0]);
        assert_eq!([60, 61, 500].map(&mut told_at), [1, 0, 0]);
        stats.finish(&Finished::for_test(Outcome::Error, true, 0));
        assert_eq!(told_at(501), 0);
        stats.finish(&Finished::for_test(Outcome::Ok, true, 0));
        // That it is over is told, too.
        assert_eq!([502, 561, 562, 563].map(&mut told_at), [1, 0, 1, 0]);
        assert!(memory.text().contains("NBA-17 has not succeeded for 1 min"));
    }

    #[test]
    fn a_declared_stage_that_is_never_called_is_told_too() {
        let limits = Limits {
            stale_after: Some(Duration::from_secs(5)),
            ..Limits::NONE
        };
        let stage = Stage {
            limits,
            ..Stage::default()
        };
        let core = Core::for_test(true);
        let stages = BTreeMap::from([("NBA-18".to_owned(), stage)]);
        let (attached, memory) = testing::in_memory(stages);
        let (mut staleness, start) = (Staleness::default(), Instant::now());
        for seconds in 0..10 {
            staleness.check(&core, &attached, after(start, seconds));
        }
        assert_eq!(
            memory
                .text()
                .matches("NBA-18 has not succeeded for 5 s")
                .count(),
            1
        );
    }

    /// What is told at each of `seconds` of a run before which each stage last succeeded so
    /// many seconds ago.
    fn told_at(before: u64, seconds: &[u64]) -> Vec<usize> {
        let core = Core::for_test(true);
        let (attached, memory) = testing::in_memory(BTreeMap::new());
        let wall_clock = SystemTime::now();
        let last = wall_clock - Duration::from_secs(before);
        let last = Moments::from([("NBA-17".to_owned(), last)]);
        let start = Instant::now();
        let mut staleness = Staleness::new(&core, &attached, &last, (start, wall_clock));
        let mut stats = None;
        let tell = |&seconds: &u64| {
            // The stage is watched from its first call on, which fails.
            let stats = stats.get_or_insert_with(|| SITE.stats_in(&core));
            if seconds == 100 {
                stats.finish(&Finished::for_test(Outcome::Ok, true, 0));
            }
            let lines = memory.text().lines().count();
            staleness.check(&core, &attached, after(start, seconds));
            memory.text().lines().count() - lines
        };
        seconds.iter().map(tell).collect()
    }

    #[test]
    fn staleness_counts_from_the_last_success_of_an_earlier_run() {
        assert_eq!(told_at(50, &[0, 9, 10, 11, 90]), [0, 0, 1, 0, 0]);
        assert_eq!(told_at(3600, &[5, 6]), [1, 0]);
        assert_eq!(told_at(50, &[1, 100, 159, 160]), [0, 0, 0, 1]);
    }

    #[test]
    fn a_process_that_had_a_run_before_starts_with_what_that_one_knew() {
        let core = Core::for_test(true);
        let (attached, memory) = testing::in_memory(BTreeMap::new());
        let stats = SITE.stats_in(&core);
        stats.finish(&Finished::for_test(Outcome::Ok, true, 0));
        let (start, wall_clock) = (Instant::now(), SystemTime::now());
        let last = wall_clock - Duration::from_secs(50);
        let last = Moments::from([("NBA-17".to_owned(), last)]);
        let mut staleness = Staleness::new(&core, &attached, &last, (start, wall_clock));
        staleness.check(&core, &attached, after(start, 9));
        assert_eq!(memory.text(), "");
        staleness.check(&core, &attached, after(start, 10));
        assert_eq!(memory.text().lines().count(), 1);
    }
}
