//! What stands in a record. The format is told in [`run_format`](crate::run_format).

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use monitor_config::Severity;
use serde_json::{Map, Value, json};

use super::by_hand;
use super::successes::{Known, Moments};
use crate::fields::seconds;
use crate::logs::timestamp::Timestamp;
use crate::logs::writer::LineCounts;
use crate::metrics::points::Point;
use crate::metrics::snapshot::{CallStats, FunctionSnapshot, Snapshot, StageSnapshot};
use crate::monitor::RunEnd;
use crate::run::RunInfo;

/// The version of the format.
pub(super) const SCHEMA: u64 = 1;

/// The members of a record.
pub(crate) type Members = Map<String, Value>;

/// The members in the order in which they are written.
const KEYS: [&str; 25] = [
    "schema",
    "run_id",
    "name",
    "version",
    "host",
    "pid",
    "state",
    "outcome",
    "started_at",
    "updated_at",
    "ended_at",
    "duration",
    "error",
    "error_chain",
    "closed_by",
    "last_stage",
    "calls_in_flight",
    "lines_written",
    "lines_lost",
    "process",
    "last_success",
    "waiting_since",
    "stages",
    "by_hand",
    "points_dropped",
];

/// What a record is made of.
pub(super) struct Contents<'a> {
    pub(super) run: &'a RunInfo,
    pub(super) duration: Duration,
    pub(super) snapshot: &'a Snapshot,
    pub(super) lines: LineCounts,
    /// What was measured by hand, and how many more points there were.
    pub(super) points: &'a (Vec<Point>, u64),
    /// What a failure of each stage raises.
    pub(super) alerts: BTreeMap<&'static str, Severity>,
    pub(super) known: &'a Known,
    /// `None` while the run goes on.
    pub(super) end: Option<&'a RunEnd>,
}

/// The record of a run at this moment.
pub(super) fn members(contents: &Contents<'_>) -> Members {
    let Contents { run, snapshot, .. } = contents;
    let mut members = Members::new();
    let mut set = |key: &str, value: Value| members.insert(key.to_owned(), value);
    set("schema", SCHEMA.into());
    set("run_id", run.id_text().into());
    set("name", run.name.as_str().into());
    set("version", run.version.as_deref().into());
    set("host", run.host.as_str().into());
    set("pid", run.pid.into());
    set("started_at", time(run.started_at));
    set("updated_at", time(snapshot.taken_at));
    set("duration", seconds(contents.duration).into());
    set("state", "running".into());
    if let Some(end) = contents.end {
        let (outcome, error) = end.parts();
        set("state", "ended".into());
        set("outcome", outcome.into());
        set("ended_at", time(snapshot.taken_at));
        if let Some(text) = error {
            set("error", text.error.as_str().into());
            set("error_chain", text.chain.as_slice().into());
        }
    }
    set("lines_written", contents.lines.emitted.into());
    set("lines_lost", contents.lines.lost.into());
    let process = &snapshot.process;
    set(
        "process",
        json!({
            "cpu_time": process.cpu_time.map(seconds),
            "memory_resident": process.memory_resident,
            "memory_peak": process.memory_peak,
        }),
    );
    set("last_success", times(&contents.known.last_success));
    set("waiting_since", times(&contents.known.waiting_since));
    // Of those that were only declared there is nothing to compare.
    let was_called = |stage: &&StageSnapshot| stage.totals.was_called();
    let stages = snapshot.stages.iter().filter(was_called);
    let stages = stages.map(|stage| stage_value(stage, &contents.alerts));
    set("stages", stages.collect());
    let (points, dropped) = contents.points;
    set("by_hand", by_hand::summaries(points));
    set("points_dropped", (*dropped).into());
    members
}

fn time(at: SystemTime) -> Value {
    Timestamp::of(at).to_string().into()
}

fn times(moments: &Moments) -> Value {
    let moments = moments.iter();
    let times = moments.map(|(stage, at)| (stage.clone(), time(*at)));
    Value::Object(times.collect())
}

fn stage_value(stage: &StageSnapshot, alerts: &BTreeMap<&'static str, Severity>) -> Value {
    let mut value = counts(&stage.totals);
    value["stage"] = stage.stage.as_str().into();
    let alert = alerts.get(stage.stage.as_str());
    value["alert"] = alert
        .map(|severity| severity.as_str().to_lowercase())
        .into();
    let buckets = stage.totals.duration.buckets();
    let buckets = buckets.map(|(middle, count)| json!([seconds(middle), count]));
    value["processing_time"]["buckets"] = buckets.collect();
    value["functions"] = stage.functions.iter().map(function_value).collect();
    value
}

fn function_value(function: &FunctionSnapshot) -> Value {
    let mut value = counts(&function.stats);
    value["function"] = function.function.as_str().into();
    value["file"] = function.file.into();
    value["line"] = function.line.into();
    value
}

/// Under the names that metrics.json has for them.
fn counts(stats: &CallStats) -> Value {
    let duration = &stats.duration;
    json!({
        "calls": stats.calls(),
        "calls_ok": stats.ok,
        "calls_error": stats.error,
        "calls_panic": stats.panic,
        "calls_timeout": stats.timeout,
        "calls_cancelled": stats.cancelled,
        "records_processed": stats.records,
        "records_in": stats.records_in,
        "records_rejected": stats.records_rejected,
        "records_unaccounted": stats.records_unaccounted,
        "retries": stats.retries,
        "retry_wait": seconds(stats.retry_wait),
        "retry_recovered": stats.recovered,
        "retry_gave_up": stats.gave_up,
        "retry_not_retryable": stats.not_retryable,
        "retry_out_of_budget": stats.out_of_budget,
        "in_flight": stats.in_flight,
        "processing_time": {
            "total": seconds(duration.total()),
            "max": seconds(duration.max()),
            "p50": seconds(duration.quantile(0.5)),
            "p95": seconds(duration.quantile(0.95)),
            "p99": seconds(duration.quantile(0.99)),
        },
    })
}

/// The text of a record: a member a line, a stage a line.
pub(super) fn text(members: &Members) -> String {
    let known = KEYS.iter().filter_map(|key| members.get_key_value(*key));
    let unknown = members
        .iter()
        .filter(|(key, _)| !KEYS.contains(&key.as_str()));
    let lines: Vec<String> = known
        .chain(unknown)
        .map(|(key, value)| format!("  {}: {}", Value::from(key.as_str()), listed(value)))
        .collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

/// A value on one line; objects in an array on a line each.
fn listed(value: &Value) -> String {
    match value.as_array() {
        Some(items) if items.iter().any(Value::is_object) => {
            let items: Vec<String> = items.iter().map(|item| format!("    {item}")).collect();
            format!("[\n{}\n  ]", items.join(",\n"))
        }
        _ => value.to_string(),
    }
}
