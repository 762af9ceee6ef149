//! The table of stages.

use super::cells::{how_far, numbers, place};
use super::chart;
use super::html::Html;
use super::page::{end_table, numeric_table};
use super::view::{State, View};
use crate::metrics::grouped::grouped;
use crate::metrics::snapshot::{FunctionSnapshot, StageSnapshot};

/// Above so many stages their functions have no rows: the page would be too long.
const WITH_FUNCTIONS: usize = 200;

/// How many stages have one.
const ROWS: usize = 10_000;

/// How many stages tell that all of their records are there, unless unfolded.
const ACCOUNTS: usize = 6;

/// How many are in one table: the others are folded, since a browser that has to draw thousands
/// of rows scrolls by jumps.
const UNFOLDED: usize = 400;

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
    let mut in_order: Vec<&StageSnapshot> = stages.iter().collect();
    if stages.len() > UNFOLDED {
        in_order.sort_by_key(|stage| {
            let stats = &stage.totals;
            std::cmp::Reverse((stats.errors() > 0, stats.duration.total()))
        });
    }
    in_order.truncate(ROWS);
    let with_functions = stages.len() <= WITH_FUNCTIONS;
    for (index, part) in in_order.chunks(UNFOLDED).enumerate() {
        if index == 0 {
            table(html, view, "Stages", part, with_functions);
            continue;
        }
        let from = index * UNFOLDED;
        let (first, last) = (
            grouped(from as u64 + 1),
            grouped((from + part.len()) as u64),
        );
        let name = format!("Stages {first} to {last}");
        html.raw("<details>").element("summary", &name);
        table(html, view, &name, part, with_functions);
        html.raw("</details>");
    }
    html.raw("<p class=\"note\">");
    if stages.len() > UNFOLDED {
        html.raw("Those that failed come first, then those that took longest. ");
    }
    html.raw(
        "A stage counts its outermost calls; its functions, where it has several, all of theirs.",
    );
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

fn table(
    html: &mut Html,
    view: &View,
    name: &str,
    stages: &[&StageSnapshot],
    with_functions: bool,
) {
    numeric_table(html, name, &COLUMNS);
    for stage in stages {
        // The numbers of an only function are those of its stage.
        let only = match &*stage.functions {
            [only] if with_functions && only.stats.calls() == stage.totals.calls() => Some(only),
            _ => None,
        };
        row(html, view, stage, only);
        let has_rows = with_functions && only.is_none();
        for function in stage.functions.iter().filter(|_| has_rows) {
            html.raw("<tr><th scope=\"row\">");
            function_name(html, function);
            html.raw("</th>");
            numbers(html, &function.stats, |_| {});
        }
    }
    end_table(html);
}

fn function_name(html: &mut Html, function: &FunctionSnapshot) {
    html.raw("<code>").text(&function.function).raw("</code>");
    if !function.file.is_empty() {
        place(html, function.file, function.line);
    }
}

fn row(html: &mut Html, view: &View, stage: &StageSnapshot, only: Option<&FunctionSnapshot>) {
    let stats = &stage.totals;
    let has_died = matches!(view.state, State::Died(_)) && stats.in_flight > 0;
    let (icon, word, class) = if has_died {
        ("✖", "died here", "sign bad")
    } else if stats.errors() > 0 {
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
    if let Some(function) = only {
        html.raw("<span class=\"of\">");
        function_name(html, function);
        html.raw("</span>");
    }
    if let Some(progress) = &stage.progress {
        how_far(html, progress);
    }
    html.raw("</th>");
    let samples = view.series.of(&stage.stage);
    numbers(html, stats, |html| chart::spark(html, samples));
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
    html.raw("<h3>Records</h3>");
    let (complete, others): (Vec<_>, Vec<_>) = accounts
        .into_iter()
        .partition(|(_, is_complete)| *is_complete);
    if !others.is_empty() {
        html.raw("<ul>");
        for (account, _) in others {
            html.classed("li", "bad", format_args!("✖ {account}"));
        }
        html.raw("</ul>");
    }
    let is_long = complete.len() > ACCOUNTS;
    if is_long {
        let summary = format!("{} stages account for all of their records", complete.len());
        html.raw("<details>").element("summary", summary);
    }
    html.raw(if complete.is_empty() { "" } else { "<ul>" });
    for (account, _) in &complete {
        html.element("li", format_args!("✔ {account}"));
    }
    html.raw(if complete.is_empty() { "" } else { "</ul>" });
    html.raw(if is_long { "</details>" } else { "" });
}
