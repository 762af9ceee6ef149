//! The process, and what was recorded by hand.

use monitor_config::duration;

use super::chart::{self, Line};
use super::detail::{mib, percent, share};
use super::head::{fact, short};
use super::html::Html;
use super::page::{end_table, table};
use super::view::View;
use crate::logs::timestamp::Timestamp;
use crate::metrics::grouped::grouped;
use crate::metrics::points::Point;
use crate::text::rounded;

/// How many points the page lists; metrics.json has them all.
const LISTED_POINTS: usize = 200;

pub(super) fn write(html: &mut Html, view: &View) {
    let process = &view.snapshot.process;
    html.raw("<h2>Process</h2><dl>");
    if let Some(cpu) = process.cpu_time {
        fact(html, "CPU time", duration::display(cpu));
    }
    if let Some(bytes) = process.memory_resident {
        fact(html, "Memory, resident", mib(bytes as f64));
    }
    if let Some(bytes) = process.memory_peak {
        fact(html, "Memory, peak", mib(bytes as f64));
    }
    if let Some(threads) = process.threads {
        fact(html, "Threads", grouped(threads));
    }
    if let Some(files) = process.open_files {
        fact(html, "Open files", grouped(files));
    }
    fact(html, "Log", &view.identity.log);
    fact(html, "Metrics", &view.identity.metrics);
    html.raw("</dl>");
    charts(html, view);
    points(html, &view.points);
}

fn charts(html: &mut Html, view: &View) {
    let used = view.series.process();
    if used.len() < 2 || used.iter().all(|used| used.memory.is_none()) {
        return;
    }
    let moments: Vec<f64> = used.iter().map(|used| used.until.as_secs_f64()).collect();
    html.raw("<div class=\"charts\">");
    let cpu = Line {
        name: "CPU",
        class: "p95",
        is_of_stretch: true,
        values: used
            .iter()
            .map(|used| Some(share(used.cpu?, used.length)))
            .collect(),
    };
    chart::lines(
        html,
        "CPU of the process, of one core",
        &moments,
        &[cpu],
        percent,
    );
    let memory = Line {
        name: "resident",
        class: "p50",
        is_of_stretch: false,
        values: used.iter().map(|used| Some(used.memory? as f64)).collect(),
    };
    chart::lines(html, "Memory of the process", &moments, &[memory], mib);
    html.raw("<div class=\"all\">");
    chart::data(
        html,
        "the process over time",
        &["Until", "CPU", "Memory"],
        used.iter(),
        |used| {
            let none = || "–".to_owned();
            vec![
                chart::seconds(used.until.as_secs_f64()),
                used.cpu
                    .map_or_else(none, |cpu| duration::display(rounded(cpu)).to_string()),
                used.memory.map_or_else(none, |bytes| mib(bytes as f64)),
            ]
        },
    );
    html.raw("</div></div>");
}

fn points(html: &mut Html, points: &[Point]) {
    if points.is_empty() {
        return;
    }
    html.raw("<h3>Recorded by hand</h3>");
    let columns = ["Time", "Stage", "Metric", "Value", "Unit"];
    table(html, "Recorded by hand", &columns);
    for point in points.iter().rev().take(LISTED_POINTS) {
        html.raw("<tr>")
            .element("td", short(&Timestamp::of(point.time).to_string()))
            .element("td", &point.stage)
            .classed("td", "text", &point.metric)
            .element("td", &point.value)
            .classed("td", "text", &point.unit)
            .raw("</tr>\n");
    }
    end_table(html);
}
