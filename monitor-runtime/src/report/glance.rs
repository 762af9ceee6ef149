//! What failed, what is slow, what is unusual: the first that a reader sees.

use monitor_config::duration;

use super::html::Html;
use super::usual::{Compared, Measure};
use super::view::View;
use crate::metrics::grouped::grouped;
use crate::metrics::snapshot::StageSnapshot;
use crate::text::rounded;

/// How many findings of each kind are told.
const TOLD: usize = 8;

/// A share of the time above which a stage is where time goes.
const LARGE_SHARE: f64 = 0.5;

pub(super) fn write(html: &mut Html, view: &View) {
    let knows_usual = view
        .compared
        .iter()
        .any(|compared| compared.usual.is_some());
    html.raw("<h2>At a glance</h2><div class=\"glance\">");
    group(
        html,
        "What failed",
        ("✖", "failed", "bad"),
        "Nothing failed",
        &failed(view),
    );
    group(
        html,
        "What is slow",
        ("▲", "slow", "warn"),
        if knows_usual {
            "Nothing is slower than usual"
        } else {
            "Not known: too few earlier runs"
        },
        &slow(view),
    );
    group(
        html,
        "What is unusual",
        ("◆", "unusual", "warn"),
        "Nothing is unusual",
        &unusual(view),
    );
    html.raw("</div>");
    let share = share(view);
    if let Some(share) = share {
        html.classed("p", "note", share);
    }
}

fn group(
    html: &mut Html,
    title: &'static str,
    (icon, word, class): (&'static str, &'static str, &'static str),
    nothing: &'static str,
    found: &[(String, String)],
) {
    let is_known = !nothing.starts_with("Not known");
    html.raw("<div class=\"card ")
        .raw(match (found.is_empty(), is_known) {
            (true, true) => "good",
            (true, false) => "none",
            _ => class,
        })
        .raw("\">")
        .element("h3", title);
    if found.is_empty() {
        html.raw("<p><span aria-hidden=\"true\">")
            .raw(if is_known { "✔" } else { "·" })
            .raw("</span> ")
            .text(nothing)
            .raw("</p></div>");
        return;
    }
    html.raw("<ul>");
    for (stage, what) in found.iter().take(TOLD) {
        html.raw("<li><span class=\"sign ")
            .raw(class)
            .raw("\"><span aria-hidden=\"true\">")
            .raw(icon)
            .raw("</span> ")
            .raw(word)
            .raw("</span> ");
        if !stage.is_empty() {
            html.element("b", stage).raw(": ");
        }
        html.text(what).raw("</li>");
    }
    if found.len() > TOLD {
        html.element("li", format_args!("and {} more", found.len() - TOLD));
    }
    html.raw("</ul></div>");
}

fn failed(view: &View) -> Vec<(String, String)> {
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
            (stage.stage.clone(), what)
        })
        .collect();
    for alert in &view.alerts {
        for (channel, how) in alert.deliveries.iter().filter(|(_, how)| !is_fine(how)) {
            let what = format!("an alert was not delivered by {channel}: {how}");
            found.push((String::new(), what));
        }
    }
    if view.lost > 0 {
        let what = format!("{} lines of the log were lost", grouped(view.lost));
        found.push((String::new(), what));
    }
    found
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

fn is_time(compared: &&Compared) -> bool {
    matches!(
        compared.measure,
        Measure::TimePerRecord | Measure::TimePerCall
    )
}

fn told(compared: &Compared) -> (String, String) {
    let what = format!("{} {}", compared.measure.name(), compared.sentence());
    (compared.stage.clone(), what)
}

fn slow(view: &View) -> Vec<(String, String)> {
    let slower = view.compared.iter().filter(|compared| compared.is_worse());
    slower.filter(is_time).map(told).collect()
}

fn unusual(view: &View) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for stage in &view.snapshot.stages {
        let missing = stage.totals.records_unaccounted;
        if missing != 0 {
            let sign = if missing < 0 { "-" } else { "" };
            let number = grouped(missing.unsigned_abs());
            let what = format!("{sign}{number} records are unaccounted for");
            found.push((stage.stage.clone(), what));
        }
    }
    let flagged = view
        .compared
        .iter()
        .filter(|compared| compared.is_flagged());
    found.extend(
        flagged
            .filter(|compared| !(is_time(compared) && compared.is_worse()))
            .map(told),
    );
    if let Some(last) = view.past.first().filter(|last| last.outcome != "ok") {
        let word = match &*last.outcome {
            "died" => "died",
            "panic" => "panicked",
            _ => "failed",
        };
        let what = format!(
            "the run before this one, of {}, {word}",
            super::head::short(&last.started_at)
        );
        found.push((String::new(), what));
    }
    found
}

/// Where the time went, which is worth knowing without a comparison, too.
fn share(view: &View) -> Option<String> {
    let stages = || view.snapshot.stages.iter();
    let time = |stage: &StageSnapshot| stage.totals.duration.total();
    let all: f64 = stages().map(|stage| time(stage).as_secs_f64()).sum();
    let longest = stages().max_by_key(|stage| time(stage))?;
    let share = time(longest).as_secs_f64() / all;
    let waited = longest.totals.retry_wait;
    (stages().count() > 1 && share >= LARGE_SHARE).then(|| {
        let waited = if waited.is_zero() {
            String::new()
        } else {
            format!(
                "; its retries waited {} in all",
                duration::display(rounded(waited))
            )
        };
        format!(
            "{} took {:.0} % of the stages' time: {}{waited}.",
            longest.stage,
            share * 100.0,
            duration::display(rounded(time(longest))),
        )
    })
}
