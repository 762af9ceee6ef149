//! What is worth telling of a run: what failed, what is slow, what is unusual.

use super::usual::{Compared, Measure, NEEDED, Usual, good_ones};
use super::view::{State, View};
use crate::metrics::grouped::{grouped, signed};
use crate::metrics::snapshot::StageSnapshot;

/// One thing to tell, of a stage or of the run.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    /// Empty where it is of none.
    pub(super) stage: String,
    pub(super) what: String,
}

/// All of them, the most important first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Findings {
    pub(super) failed: Vec<Finding>,
    pub(super) slow: Vec<Finding>,
    pub(super) unusual: Vec<Finding>,
    /// What failed inside of stages that went on.
    pub(super) inside: Option<String>,
}

fn finding(stage: &str, what: String) -> Finding {
    let stage = stage.to_owned();
    Finding { stage, what }
}

impl Findings {
    pub(super) fn of(view: &View) -> Self {
        Self {
            failed: failed(view),
            slow: slow(view),
            unusual: unusual(view),
            inside: inside(view),
        }
    }
}

/// Whether there are as many good runs as a range needs.
pub(super) fn is_usual_known(view: &View) -> bool {
    good_ones(&view.past).count() >= NEEDED
}

fn failed(view: &View) -> Vec<Finding> {
    let mut stages: Vec<&StageSnapshot> = view.snapshot.stages.iter().collect();
    stages.retain(|stage| stage.totals.errors() > 0);
    stages.sort_by_key(|stage| std::cmp::Reverse(stage.totals.errors()));
    let mut found: Vec<_> = stages
        .iter()
        .map(|stage| {
            let stats = &stage.totals;
            let last = stats.last_error.as_ref().map_or("", |last| &*last.error);
            let colon = if last.is_empty() { "" } else { ": " };
            let (errors, calls) = (grouped(stats.errors()), grouped(stats.calls()));
            let what = format!("{errors} of {calls} calls{colon}{}", first_line(last));
            finding(&stage.stage, what)
        })
        .collect();
    if matches!(view.state, State::Died(_)) {
        let died = view.snapshot.stages.iter();
        let died = died.filter(|stage| stage.totals.in_flight > 0);
        found.extend(
            died.map(|stage| finding(&stage.stage, "it was running when the run died".to_owned())),
        );
    }
    for alert in &view.alerts {
        for (channel, how) in alert.deliveries.iter().filter(|(_, how)| !is_fine(how)) {
            let what = format!("an alert was not delivered by {channel}: {how}");
            found.push(finding("", what));
        }
    }
    if view.lost > 0 {
        let what = format!("{} lines of the log were lost", grouped(view.lost));
        found.push(finding("", what));
    }
    found
}

/// Calls that failed in a function, while the stage that it belongs to did not.
fn inside(view: &View) -> Option<String> {
    let went_on = view.snapshot.stages.iter();
    let went_on = went_on.filter(|stage| stage.totals.errors() == 0);
    let failed: Vec<String> = went_on
        .flat_map(|stage| &stage.functions)
        .filter(|function| function.stats.errors() > 0)
        .map(|function| {
            let stats = &function.stats;
            let (errors, calls) = (grouped(stats.errors()), grouped(stats.calls()));
            format!("{errors} of {calls} calls of {}", function.function)
        })
        .take(5)
        .collect();
    let failed = (!failed.is_empty()).then(|| failed.join(", "))?;
    Some(format!("Failed inside of stages that went on: {failed}."))
}

/// Whether that is how a delivery ends well, or not yet.
pub(super) fn is_fine(how: &str) -> bool {
    how.starts_with("delivered") || how == super::record::SEE_OUTBOX
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(200).collect();
    if short.len() < text.len() {
        format!("{short} …")
    } else {
        short
    }
}

/// A failure explains what else is unusual about its stage.
fn has_failed(view: &View, compared: &Compared) -> bool {
    let stage = view.snapshot.stage(&compared.stage);
    stage.is_some_and(|stage| stage.totals.errors() > 0)
}

fn slow(view: &View) -> Vec<Finding> {
    let mut found: Vec<Finding> = running(view);
    let slower = view.compared.iter().filter(|compared| {
        compared.measure.is_time() && compared.is_worse() && !has_failed(view, compared)
    });
    let mut slower: Vec<&Compared> = slower.collect();
    slower.sort_by(|a, b| b.extra.total_cmp(&a.extra));
    found.extend(
        slower
            .iter()
            .map(|slow| finding(&slow.stage, slow.sentence())),
    );
    found
}

/// Calls under way that last longer than calls usually do.
fn running(view: &View) -> Vec<Finding> {
    if view.state.is_over() {
        return Vec::new();
    }
    let stages = view.snapshot.stages.iter();
    let running = stages.filter(|stage| stage.totals.in_flight > 0);
    let found = running.filter_map(|stage| {
        let since = view.spans.oldest_open(&stage.stage)?;
        let lasts = view.duration.saturating_sub(since);
        let measure = Measure::TimePerCall;
        let past: Vec<f64> = good_ones(&view.past)
            .flat_map(|run| &run.stages)
            .filter(|past| past.stage == stage.stage)
            .filter_map(|past| measure.of(past))
            .collect();
        let usual = Usual::of(&past, measure.margin())?;
        let lasts = lasts.as_secs_f64();
        (lasts > usual.to).then(|| {
            let (lasts, median) = (measure.shown(lasts), measure.shown(usual.median));
            finding(
                &stage.stage,
                format!("it has been running for {lasts}, usually {median}"),
            )
        })
    });
    found.collect()
}

fn unusual(view: &View) -> Vec<Finding> {
    let mut found = Vec::new();
    for (stage, calls) in &view.missing {
        let word = if *calls == 1 { "call" } else { "calls" };
        let what = format!("it was not called, usually {} {word}", grouped(*calls));
        found.push(finding(stage, what));
    }
    for stage in &view.snapshot.stages {
        let missing = stage.totals.records_unaccounted;
        if missing != 0 {
            let what = format!("{} records are unaccounted for", signed(missing));
            found.push(finding(&stage.stage, what));
        }
    }
    let flagged = view.compared.iter().filter(|compared| {
        let is_slow = compared.measure.is_time() && compared.is_worse();
        compared.is_flagged() && !is_slow && !has_failed(view, compared)
    });
    let (records, others): (Vec<_>, Vec<_>) =
        flagged.partition(|compared| compared.measure == Measure::Records);
    // What comes in short goes through all stages behind it.
    if let Some((first, rest)) = records.split_first() {
        let mut what = first.sentence();
        if !rest.is_empty() {
            let rest: Vec<&str> = rest.iter().map(|compared| &*compared.stage).collect();
            what.push_str(&format!("; and those of {}", rest.join(", ")));
        }
        found.push(finding(&first.stage, what));
    }
    found.extend(
        others
            .iter()
            .map(|other| finding(&other.stage, other.sentence())),
    );
    if let Some(last) = view.past.first().filter(|last| !last.is_good()) {
        let word = match &*last.outcome {
            "died" => "died",
            "panic" => "panicked",
            _ => "failed",
        };
        let started_at = super::head::short(&last.started_at);
        found.push(finding(
            "",
            format!("the run before this one, of {started_at}, {word}"),
        ));
    }
    found
}
