//! The page: what failed stands at the top, then the stages, errors and alerts.

use std::fmt::Display;
use std::time::Duration;

use monitor_config::{Severity, duration};

use super::html::Html;
use crate::history::{AlertEntry, ErrorEntry};
use crate::logs::timestamp::Timestamp;
use crate::metrics::grouped::grouped;
use crate::metrics::points::Point;
use crate::metrics::snapshot::{CallStats, Snapshot};
use crate::monitor::RunEnd;
use crate::paths::Paths;
use crate::run::RunInfo;
use crate::text::rounded;

/// What the page tells.
pub(crate) struct Contents<'a> {
    pub(crate) run: &'a RunInfo,
    pub(crate) end: &'a RunEnd,
    pub(crate) duration: Duration,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) points: &'a [Point],
    pub(crate) errors: &'a [ErrorEntry],
    pub(crate) alerts: &'a [AlertEntry],
    pub(crate) paths: &'a Paths,
}

const STYLE: &str = include_str!("style.css");

pub(crate) fn render(contents: &Contents<'_>) -> String {
    let mut html = Html::default();
    html.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
    let (icon, word, class) = outcome(contents.end);
    html.text(format_args!("{icon} {} {word}", contents.run.name))
        .raw("</title><style>")
        .raw(STYLE)
        .raw("</style></head><body><main>\n<header class=\"")
        .raw(class)
        .raw("\">");
    header(&mut html, contents, icon, word);
    html.raw("</header>\n");
    stages(&mut html, contents.snapshot);
    errors(&mut html, contents.errors);
    alerts(&mut html, contents.alerts);
    points(&mut html, contents.points);
    process(&mut html, contents);
    html.raw("</main></body></html>\n");
    html.finish()
}

fn outcome(end: &RunEnd) -> (&'static str, &'static str, &'static str) {
    match end {
        RunEnd::Ok => ("✔", "finished", "ok"),
        RunEnd::Failed(_) => ("✖", "failed", "failed"),
        RunEnd::Panicked(_) => ("✖", "panicked", "failed"),
    }
}

fn header(html: &mut Html, contents: &Contents<'_>, icon: &str, word: &str) {
    let run = contents.run;
    html.element("h1", format_args!("{icon} {} {word}", run.name));
    if let RunEnd::Failed(text) | RunEnd::Panicked(text) = contents.end {
        html.raw("<p class=\"cause\">").text(&text.error);
        for cause in &text.chain {
            html.text(": ").text(cause);
        }
        html.raw("</p>");
    }
    let records = contents
        .snapshot
        .stages
        .iter()
        .map(|stage| stage.totals.records);
    let errors: u64 = contents
        .snapshot
        .stages
        .iter()
        .map(|stage| stage.totals.errors())
        .sum();
    html.raw("<dl>");
    fact(
        html,
        "Duration",
        duration::display(rounded(contents.duration)),
    );
    fact(
        html,
        "Most records in a stage",
        grouped(records.max().unwrap_or(0)),
    );
    fact(html, "Failed calls", grouped(errors));
    fact(html, "Alerts", contents.alerts.len());
    fact(html, "Started", Timestamp::of(run.started_at));
    fact(html, "Host", &run.host);
    fact(html, "Process", run.pid);
    if let Some(version) = &run.version {
        fact(html, "Version", version);
    }
    fact(html, "Run", run.id_text());
    html.raw("</dl>");
}

fn fact(html: &mut Html, name: &'static str, value: impl Display) {
    html.raw("<div>")
        .element("dt", name)
        .element("dd", value)
        .raw("</div>");
}

const COLUMNS: [&str; 12] = [
    "Stage",
    "Calls",
    "Errors",
    "Error rate",
    "Retries",
    "Waited",
    "Records",
    "Records/s",
    "p50",
    "p95",
    "Max",
    "CPU",
];

fn stages(html: &mut Html, snapshot: &Snapshot) {
    html.raw("<section><h2>Stages</h2>");
    if snapshot.stages.is_empty() {
        html.raw("<p>No monitored function was called.</p></section>\n");
        return;
    }
    numeric_table(html, &COLUMNS);
    for stage in &snapshot.stages {
        html.raw("<tr class=\"stage\"><th scope=\"row\">")
            .text(&stage.stage)
            .raw("</th>");
        numbers(html, &stage.totals);
        for function in &stage.functions {
            html.raw("<tr><th scope=\"row\"><code>")
                .text(&function.function)
                .raw("</code><small class=\"place\">")
                .text(format_args!("{}:{}", function.file, function.line))
                .raw("</small></th>");
            numbers(html, &function.stats);
        }
    }
    html.raw("</tbody></table></div><p><small>A stage counts its outermost calls; its functions, below it, all of theirs.</small></p>");
    accounts(html, snapshot);
    html.raw("</section>\n");
}

/// What became of the records of each stage.
fn accounts(html: &mut Html, snapshot: &Snapshot) {
    let accounts = snapshot.stages.iter().filter_map(|stage| {
        let is_complete = stage.totals.records_unaccounted == 0;
        Some((stage.records_account()?, is_complete))
    });
    let accounts: Vec<_> = accounts.collect();
    if accounts.is_empty() {
        return;
    }
    html.raw("<ul>");
    for (account, is_complete) in accounts {
        if is_complete {
            html.element("li", format_args!("✔ {account}"));
        } else {
            html.raw("<li class=\"bad\">✖ ").text(account).raw("</li>");
        }
    }
    html.raw("</ul>");
}

fn numbers(html: &mut Html, stats: &CallStats) {
    let rate = stats.records_per_second();
    let time = |duration: Duration| duration::display(rounded(duration));
    html.element("td", grouped(stats.calls()));
    if stats.errors() > 0 {
        html.raw("<td class=\"bad\">✖ ")
            .text(grouped(stats.errors()))
            .raw("</td>");
    } else {
        html.element("td", "0");
    }
    html.element("td", format_args!("{:.1} %", stats.error_rate() * 100.0))
        .element("td", grouped(stats.retries))
        .element("td", time(stats.retry_wait))
        .element("td", grouped(stats.records))
        .element(
            "td",
            rate.map_or_else(|| "–".to_owned(), |rate| grouped(rate as u64)),
        )
        .element("td", time(stats.duration.quantile(0.5)))
        .element("td", time(stats.duration.quantile(0.95)))
        .element("td", time(stats.duration.max()))
        .element("td", cpu(stats))
        .raw("</tr>\n");
}

/// Where not each call was measured, it says so.
fn cpu(stats: &CallStats) -> String {
    let Some(cpu) = stats.cpu_time else {
        return "–".to_owned();
    };
    let mark = if stats.cpu_is_estimate { "≈ " } else { "" };
    format!("{mark}{}", duration::display(rounded(cpu)))
}

fn errors(html: &mut Html, errors: &[ErrorEntry]) {
    html.raw("<section><h2>Errors</h2>");
    if errors.is_empty() {
        html.raw("<p>None.</p></section>\n");
        return;
    }
    table(html, &["Time", "Stage", "Event", "Error"]);
    for entry in errors {
        html.raw("<tr>")
            .element("td", entry.time)
            .raw("<td>")
            .text(entry.stage.as_deref().unwrap_or("–"));
        if let Some(function) = &entry.function {
            html.raw("<br><code>").text(function).raw("</code>");
        }
        html.raw("</td>")
            .element("td", &entry.event_type)
            .raw("<td class=\"text\">")
            .text(&entry.text.error);
        for cause in &entry.text.chain {
            html.raw("<br><small>caused by: ")
                .text(cause)
                .raw("</small>");
        }
        html.raw("</td></tr>\n");
    }
    html.raw("</tbody></table></div></section>\n");
}

fn alerts(html: &mut Html, alerts: &[AlertEntry]) {
    html.raw("<section><h2>Alerts</h2>");
    if alerts.is_empty() {
        html.raw("<p>None.</p></section>\n");
        return;
    }
    table(html, &["Time", "Severity", "Message", "Delivery"]);
    for entry in alerts {
        let icon = match entry.severity {
            Severity::Critical => "✖",
            Severity::Warning => "▲",
            _ => "●",
        };
        html.raw("<tr>")
            .element("td", entry.time)
            .element("td", format_args!("{icon} {}", entry.severity))
            .raw("<td class=\"text\">")
            .text(&entry.message)
            .raw("<br><small>")
            .text(&entry.id)
            .raw("</small></td><td class=\"text\">");
        if entry.deliveries.is_empty() {
            html.raw("log only");
        }
        for (index, (channel, how)) in entry.deliveries.iter().enumerate() {
            html.raw(if index > 0 { "<br>" } else { "" });
            html.text(channel).raw(": ").text(how);
        }
        html.raw("</td></tr>\n");
    }
    html.raw("</tbody></table></div></section>\n");
}

/// How many points the page lists; metrics.json has them all.
const LISTED_POINTS: usize = 200;

fn points(html: &mut Html, points: &[Point]) {
    if points.is_empty() {
        return;
    }
    html.raw("<section><h2>Recorded by hand</h2>");
    table(html, &["Time", "Stage", "Metric", "Value", "Unit"]);
    for point in points.iter().rev().take(LISTED_POINTS) {
        html.raw("<tr>")
            .element("td", Timestamp::of(point.time))
            .element("td", &point.stage)
            .element("td", &point.metric)
            .element("td", &point.value)
            .element("td", &point.unit)
            .raw("</tr>\n");
    }
    html.raw("</tbody></table></div></section>\n");
}

fn process(html: &mut Html, contents: &Contents<'_>) {
    let process = &contents.snapshot.process;
    let mib = |bytes: u64| format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20));
    html.raw("<section><h2>Process</h2><dl>");
    if let Some(cpu) = process.cpu_time {
        fact(html, "CPU time", duration::display(cpu));
    }
    if let Some(bytes) = process.memory_resident {
        fact(html, "Memory, resident", mib(bytes));
    }
    if let Some(bytes) = process.memory_peak {
        fact(html, "Memory, peak", mib(bytes));
    }
    if let Some(threads) = process.threads {
        fact(html, "Threads", grouped(threads));
    }
    if let Some(files) = process.open_files {
        fact(html, "Open files", grouped(files));
    }
    fact(html, "Log", contents.paths.log().display());
    fact(html, "Metrics", contents.paths.metrics().display());
    html.raw("</dl></section>\n");
}

/// A table of text, and one of numbers: they are aligned differently.
fn table(html: &mut Html, columns: &[&'static str]) {
    html.raw("<div class=\"scroll\" tabindex=\"0\"><table class=\"text\">");
    head(html, columns);
}

fn numeric_table(html: &mut Html, columns: &[&'static str]) {
    html.raw("<div class=\"scroll\" tabindex=\"0\"><table>");
    head(html, columns);
}

fn head(html: &mut Html, columns: &[&'static str]) {
    html.raw("<thead><tr>");
    for column in columns {
        html.raw("<th scope=\"col\">").text(column).raw("</th>");
    }
    html.raw("</tr></thead><tbody>\n");
}
