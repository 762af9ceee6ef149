//! The table of stages.

use std::time::Duration;

use monitor_config::duration;

use super::chart;
use super::html::Html;
use super::page::{end_table, numeric_table};
use super::view::View;
use crate::metrics::grouped::grouped;
use crate::metrics::snapshot::{CallStats, StageSnapshot};
use crate::metrics::stage_progress::StageProgress;
use crate::text::rounded;

/// Above so many stages their functions have no rows: the page would be too long.
const WITH_FUNCTIONS: usize = 200;

/// How many stages have one.
const ROWS: usize = 10_000;

const COLUMNS: [&str; 15] = [
    "Stage",
    "Calls",
    "Errors",
    "p95 over time",
    "p50",
    "p95",
    "p99",
    "Max",
    "Records",
    "Records/s",
    "Unaccounted",
    "Retries",
    "Waited",
    "In flight",
    "CPU",
];

pub(super) fn write(html: &mut Html, view: &View) {
    html.raw("<h2>Stages</h2>");
    let stages = &view.snapshot.stages;
    if stages.is_empty() {
        html.raw("<p>No monitored function was called.</p>");
        return;
    }
    numeric_table(html, "Stages", &COLUMNS);
    let with_functions = stages.len() <= WITH_FUNCTIONS;
    for stage in stages.iter().take(ROWS) {
        row(html, view, stage);
        for function in stage.functions.iter().filter(|_| with_functions) {
            html.raw("<tr><th scope=\"row\"><code>")
                .text(&function.function)
                .raw("</code>");
            if !function.file.is_empty() {
                place(html, function.file, function.line);
            }
            html.raw("</th>");
            numbers(html, &function.stats, |_| {});
        }
    }
    end_table(html);
    html.raw("<p class=\"note\">A stage counts its outermost calls; its functions, below it, all of theirs.");
    if !with_functions {
        html.raw(" With so many stages the functions are left out: metrics.json has them.");
    }
    if stages.len() > ROWS {
        html.text(format_args!(
            " {} more stages have no row here.",
            stages.len() - ROWS
        ));
    }
    html.raw("</p>");
    accounts(html, stages);
}

fn row(html: &mut Html, view: &View, stage: &StageSnapshot) {
    let stats = &stage.totals;
    let (icon, word, class) = if stats.errors() > 0 {
        ("✖", "failed", "sign bad")
    } else if stats.in_flight > 0 {
        ("▶", "running", "sign now")
    } else if stats.calls() == 0 {
        ("·", "not called", "sign none")
    } else {
        ("✔", "ok", "sign good")
    };
    html.raw("<tr class=\"stage\"><th scope=\"row\"><span class=\"")
        .raw(class)
        .raw("\">")
        .raw(icon)
        .raw(" ")
        .raw(word)
        .raw("</span> ")
        .classed("span", "id", &stage.stage);
    if let Some(progress) = &stage.progress {
        how_far(html, progress);
    }
    html.raw("</th>");
    let samples = view.series.of(&stage.stage);
    numbers(html, stats, |html| chart::spark(html, samples));
}

/// The name of the file is mostly enough; who needs to know points at it.
fn place(html: &mut Html, file: &str, line: u32) {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    html.raw(" <small class=\"place\"")
        .attribute("title", format_args!("{file}:{line}"))
        .raw(">")
        .text(format_args!("{name}:{line}"))
        .raw("</small>");
}

/// How far the calls are that are under way.
fn how_far(html: &mut Html, progress: &StageProgress) {
    html.raw("<span class=\"progress\"><progress aria-label=\"records handled\"");
    if let Some(share) = progress.share() {
        html.attribute("value", format_args!("{share:.3}"));
    }
    html.raw("></progress> ")
        .text(progress.sentence())
        .raw("</span>");
}

fn numbers(html: &mut Html, stats: &CallStats, spark: impl FnOnce(&mut Html)) {
    let rate = stats.records_per_second();
    let has_ended = stats.calls() > 0;
    let time = |time: Duration| match has_ended {
        true => duration::display(rounded(time)).to_string(),
        false => "–".to_owned(),
    };
    html.element("td", grouped(stats.calls()));
    if stats.errors() > 0 {
        html.raw("<td class=\"bad\">✖ ")
            .text(grouped(stats.errors()))
            .raw("<small>")
            .text(format_args!("{:.1} %", stats.error_rate() * 100.0))
            .raw("</small></td>");
    } else {
        html.raw("<td>0</td>");
    }
    html.raw("<td>");
    spark(html);
    html.raw("</td>");
    for quantile in [0.5, 0.95, 0.99] {
        html.element("td", time(stats.duration.quantile(quantile)));
    }
    html.element("td", time(stats.duration.max()))
        .element("td", grouped(stats.records))
        .element(
            "td",
            rate.map_or_else(|| "–".to_owned(), |rate| grouped(rate as u64)),
        );
    unaccounted(html, stats);
    html.element("td", grouped(stats.retries))
        .raw("<td>")
        .text(time(stats.retry_wait));
    let share = waiting(stats);
    if share.ends_with('%') {
        html.element("small", share);
    }
    html.raw("</td>")
        .element("td", grouped(stats.in_flight))
        .element("td", cpu(stats))
        .raw("</tr>\n");
}

fn unaccounted(html: &mut Html, stats: &CallStats) {
    match stats.records_unaccounted {
        _ if stats.records_in == 0 => html.raw("<td>–</td>"),
        0 => html.raw("<td>0</td>"),
        number => {
            let sign = if number < 0 { "-" } else { "" };
            let number = grouped(number.unsigned_abs());
            html.classed("td", "bad", format_args!("✖ {sign}{number}"))
        }
    };
}

/// The share of a stage's time that passed between attempts.
pub(super) fn waiting(stats: &CallStats) -> String {
    let share = stats.retry_wait.as_secs_f64() / stats.duration.total().as_secs_f64();
    // Waits lie between the calls where each attempt is one, and beside each other where
    // several functions wait: then they are no part of the time.
    if share > 0.0 && share <= 1.0 {
        format!("{:.0} %", share * 100.0)
    } else {
        "–".to_owned()
    }
}

/// Where not each call was measured, it says so.
pub(super) fn cpu(stats: &CallStats) -> String {
    let Some(cpu) = stats.cpu_time else {
        return "–".to_owned();
    };
    let mark = if stats.cpu_is_estimate { "≈ " } else { "" };
    format!("{mark}{}", duration::display(rounded(cpu)))
}

/// What became of the records of each stage.
fn accounts(html: &mut Html, stages: &[StageSnapshot]) {
    let told = |stage: &StageSnapshot| {
        let is_complete = stage.totals.records_unaccounted == 0;
        Some((stage.records_account()?, is_complete))
    };
    let accounts: Vec<_> = stages
        .iter()
        .filter_map(told)
        .take(WITH_FUNCTIONS)
        .collect();
    if accounts.is_empty() {
        return;
    }
    html.raw("<h3>Records</h3><ul>");
    for (account, is_complete) in accounts {
        if is_complete {
            html.element("li", format_args!("✔ {account}"));
        } else {
            html.classed("li", "bad", format_args!("✖ {account}"));
        }
    }
    html.raw("</ul>");
}
