//! Each stage over time: its charts, and what they are drawn from.

use std::time::Duration;

use monitor_config::duration;

use super::cells::{cpu, waiting};
use super::chart::{self, Line, seconds};
use super::head::fact;
use super::histogram;
use super::html::Html;
use super::view::View;
use crate::course::series::Sample;
use crate::metrics::grouped::grouped;
use crate::metrics::snapshot::StageSnapshot;
use crate::text::rounded;

/// How many stages have charts: those that failed, then those that took longest.
const DRAWN: usize = 24;
/// How many of them are unfolded from the start.
const UNFOLDED: usize = 3;

pub(super) fn write(html: &mut Html, view: &View) {
    html.raw("<h2>Details</h2>");
    let stages = drawn(view);
    let called = view.snapshot.stages.iter();
    let called = called.filter(|stage| stage.totals.was_called()).count();
    if called > stages.len() {
        let note = format!("Those {DRAWN} of {called} stages that failed or took longest.");
        html.classed("p", "note", note);
    }
    let open = open_ones(view, &stages);
    for (index, stage) in stages.into_iter().enumerate() {
        detail(html, view, stage, (index, open.contains(&&*stage.stage)));
    }
}

/// The stages that have details, each at its place.
pub(super) fn drawn(view: &View) -> Vec<&StageSnapshot> {
    let mut stages: Vec<&StageSnapshot> = view.snapshot.stages.iter().collect();
    stages.retain(|stage| stage.totals.was_called());
    if stages.len() > DRAWN {
        stages.sort_by_key(|stage| {
            let stats = &stage.totals;
            std::cmp::Reverse((stats.errors() > 0, stats.duration.total()))
        });
        stages.truncate(DRAWN);
    }
    stages
}

/// Those that failed, else those that are unusual, else the first.
fn open_ones<'v>(view: &'v View, stages: &[&'v StageSnapshot]) -> Vec<&'v str> {
    let failed = stages.iter().filter(|stage| stage.totals.errors() > 0);
    let flagged = stages.iter().filter(|stage| {
        let mut of_stage = view.compared.iter();
        of_stage.any(|compared| compared.stage == stage.stage && compared.is_flagged())
    });
    let mut open: Vec<&str> = failed.chain(flagged).map(|stage| &*stage.stage).collect();
    open.truncate(UNFOLDED);
    if open.is_empty() {
        open.extend(stages.first().map(|stage| &*stage.stage));
    }
    open
}

fn detail(html: &mut Html, view: &View, stage: &StageSnapshot, (index, is_open): (usize, bool)) {
    let stats = &stage.totals;
    html.raw("<details")
        .attribute("id", format_args!("stage-{index}"))
        .raw(if is_open {
            " open><summary><h3>"
        } else {
            "><summary><h3>"
        })
        .text(&stage.stage)
        .raw("</h3>");
    let known = view.stages.get(&stage.stage);
    if let Some(title) = known.and_then(|stage| stage.title.as_ref()) {
        html.raw(" <span>").text(title).raw("</span>");
    }
    html.raw("</summary><dl>");
    let time = |time: Duration| duration::display(rounded(time)).to_string();
    fact(html, "Calls", grouped(stats.calls()));
    fact(html, "Failed", grouped(stats.errors()));
    if stats.panic + stats.timeout + stats.cancelled > 0 {
        let [panic, timeout, cancelled] =
            [stats.panic, stats.timeout, stats.cancelled].map(grouped);
        let text = format!("{panic} panicked, {timeout} timed out, {cancelled} cancelled");
        fact(html, "Of these and beside them", text);
    }
    fact(html, "Time in all", time(stats.duration.total()));
    fact(html, "At work", time(stats.busy));
    fact(html, "CPU", cpu(stats));
    fact(html, "Waiting", waiting(stats));
    let samples = view.series.of(&stage.stage);
    if let Some(most) = samples.iter().filter_map(|sample| sample.memory).max() {
        fact(html, "Memory of the process meanwhile", mib(most as f64));
    }
    if let Some(account) = stage.records_account() {
        fact(html, "Records", account);
    }
    if let Some(owner) = known.and_then(|stage| stage.owner.as_ref()) {
        fact(html, "Owner", owner);
    }
    if let Some(runbook) = known.and_then(|stage| stage.runbook.as_ref()) {
        fact(html, "Runbook", runbook);
    }
    html.raw("</dl><div class=\"charts\">");
    if samples.len() > 1 {
        charts(html, samples);
    }
    // Of one or two calls it shows no more than the numbers do.
    if stats.duration.count() > 2 {
        histogram::write(html, &stage.stage, &stats.duration);
    }
    if samples.len() > 1 {
        html.raw("<div class=\"all\">");
        table(html, &stage.stage, samples);
        html.raw("</div>");
    }
    html.raw("</div></details>");
}

fn charts(html: &mut Html, samples: &[Sample]) {
    let moments: Vec<f64> = samples
        .iter()
        .map(|sample| sample.until.as_secs_f64())
        .collect();
    let line = |name, class, of: &dyn Fn(&Sample) -> Option<f64>| Line {
        name,
        class,
        is_of_stretch: false,
        values: samples.iter().map(of).collect(),
    };
    let steps = |name, class, of: &dyn Fn(&Sample) -> Option<f64>| Line {
        is_of_stretch: true,
        ..line(name, class, of)
    };
    let took = |quantile: f64| {
        move |sample: &Sample| {
            (sample.calls > 0).then(|| sample.duration.quantile(quantile).as_secs_f64())
        }
    };
    let longest = |sample: &Sample| (sample.calls > 0).then(|| sample.duration.max().as_secs_f64());
    // One point is no trend: the histogram tells as much.
    let has_trend = samples.iter().filter(|sample| sample.calls > 0).count() > 1;
    if has_trend {
        chart::lines(
            html,
            "Time of a call",
            &moments,
            &[
                line("max", "max", &longest),
                line("p99", "p99", &took(0.99)),
                line("p95", "p95", &took(0.95)),
                line("p50", "p50", &took(0.5)),
            ],
            seconds,
        );
    }
    let number = |value: f64| grouped(value.round() as u64);
    if has_trend && samples.iter().any(|sample| sample.records > 0) {
        let records = |sample: &Sample| Some(per_second(sample.records, sample.length));
        let line = steps("records/s", "p95", &records);
        let title = "Records a second, when their calls ended";
        chart::lines(html, title, &moments, &[line], number);
    }
    if has_trend && samples.iter().any(|sample| sample.errors > 0) {
        let rate = |sample: &Sample| {
            (sample.calls > 0).then(|| sample.errors as f64 / sample.calls as f64)
        };
        let line = line("failed", "failed", &rate);
        chart::lines(html, "Error rate", &moments, &[line], percent);
    }
    if samples.iter().any(|sample| sample.in_flight > 0) {
        let in_flight = |sample: &Sample| Some(sample.in_flight as f64);
        let line = steps("in flight", "p50", &in_flight);
        chart::lines(html, "Calls in flight", &moments, &[line], number);
    }
    if samples.iter().any(|sample| sample.retries > 0) {
        let retries = |sample: &Sample| Some(per_second(sample.retries, sample.length));
        let line = steps("retries/s", "max", &retries);
        let rate = |value: f64| format!("{value:.1}");
        chart::lines(html, "Retries a second", &moments, &[line], rate);
    }
    if samples.iter().filter(|sample| sample.cpu.is_some()).count() > 1 {
        let share = |sample: &Sample| Some(share(sample.cpu?, sample.length));
        let line = steps("CPU", "p95", &share);
        chart::lines(html, "CPU, of one core", &moments, &[line], percent);
    }
    if samples
        .iter()
        .filter(|sample| sample.memory.is_some())
        .count()
        > 1
    {
        let memory = |sample: &Sample| Some(sample.memory? as f64);
        let line = line("resident", "p50", &memory);
        let title = "Memory of the process meanwhile";
        chart::lines(html, title, &moments, &[line], mib);
    }
}

/// With a decimal where there is little.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 10.0 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.0} %")
    }
}

pub(super) fn mib(bytes: f64) -> String {
    format!("{:.1} MiB", bytes / f64::from(1 << 20))
}

/// What happened a second, in a stretch of time.
fn per_second(count: u64, length: Duration) -> f64 {
    let seconds = length.as_secs_f64();
    if seconds > 0.0 {
        count as f64 / seconds
    } else {
        0.0
    }
}

pub(super) fn share(part: Duration, of: Duration) -> f64 {
    let of = of.as_secs_f64();
    if of > 0.0 {
        part.as_secs_f64() / of
    } else {
        0.0
    }
}

const COLUMNS: [&str; 13] = [
    "Until",
    "Calls",
    "Errors",
    "p50",
    "p95",
    "p99",
    "Max",
    "Records",
    "Retries",
    "Waited",
    "In flight",
    "CPU",
    "Memory",
];

/// The data of all charts above.
fn table(html: &mut Html, stage: &str, samples: &[Sample]) {
    let time = |time: Duration| duration::display(rounded(time)).to_string();
    let name = format!("{stage} over time");
    chart::data(html, &name, &COLUMNS, samples.iter(), |sample| {
        let durations = &sample.duration;
        let took = |quantile| match sample.calls {
            0 => "–".to_owned(),
            _ => time(durations.quantile(quantile)),
        };
        vec![
            time(sample.until),
            grouped(sample.calls),
            grouped(sample.errors),
            took(0.5),
            took(0.95),
            took(0.99),
            took(1.0),
            grouped(sample.records),
            grouped(sample.retries),
            time(sample.retry_wait),
            grouped(sample.in_flight),
            sample.cpu.map_or_else(|| "–".to_owned(), time),
            sample
                .memory
                .map_or_else(|| "–".to_owned(), |bytes| mib(bytes as f64)),
        ]
    });
}
