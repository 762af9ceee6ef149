//! The cells of a row of the table of stages.

use std::time::Duration;

use monitor_config::duration;

use super::html::Html;
use crate::metrics::grouped::{grouped, signed};
use crate::metrics::snapshot::CallStats;
use crate::metrics::stage_progress::StageProgress;
use crate::text::rounded;

/// The name of the file is mostly enough; who needs to know points at it.
pub(super) fn place(html: &mut Html, file: &str, line: u32) {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    html.raw(" <small class=\"place\"")
        .attribute("title", format_args!("{file}:{line}"))
        .raw(">")
        .text(format_args!("{name}:{line}"))
        .raw("</small>");
}

/// How far the calls are that are under way.
pub(super) fn how_far(html: &mut Html, progress: &StageProgress) {
    html.raw("<span class=\"progress\"><progress aria-label=\"records handled\"");
    if let Some(share) = progress.share() {
        html.attribute("value", format_args!("{share:.3}"));
    }
    html.raw("></progress> ")
        .text(progress.sentence())
        .raw("</span>");
}

pub(super) fn numbers(html: &mut Html, stats: &CallStats, spark: impl FnOnce(&mut Html)) {
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
        number => html.classed("td", "bad", format_args!("✖ {}", signed(number))),
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
