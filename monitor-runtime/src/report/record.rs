//! The page of a run that died: what its record and the log tell.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use monitor_config::Severity;
use serde_json::Value;

use super::tail::{self, TailLine};
use super::usual;
use super::view::{Identity, State, View};
use crate::attached::Attached;
use crate::course::series::Series;
use crate::course::spans::{Mark, Place, Spans};
use crate::history::{AlertEntry, ErrorEntry};
use crate::logs::timestamp::Timestamp;
use crate::metrics::histogram::HistogramSnapshot;
use crate::metrics::process::ProcessSnapshot;
use crate::metrics::snapshot::{CallStats, FunctionSnapshot, Snapshot, StageSnapshot};
use crate::runs::{Members, log_end};

/// Where it stands what became of an alert of a run that died.
pub(super) const SEE_OUTBOX: &str = "see alerts.jsonl";

/// How much of the log is read, and how many lines of the run are looked at.
const READ: u64 = 4 * 1024 * 1024;
const LINES: usize = 20_000;
/// How many of each are shown.
const SHOWN: usize = 100;
const SHOWN_LINES: usize = 200;

/// The page of a run whose record is closed, as `attached` has found it.
pub(super) fn view(members: &Members, attached: &Attached) -> View {
    let get = |key: &str| members.get(key).unwrap_or(&Value::Null);
    let text = |key: &str| get(key).as_str().unwrap_or_default().to_owned();
    let run = text("run_id");
    let mut lines = tail::lines(&log_end(attached.paths.log(), READ), &run, LINES);
    let started_at = text("started_at");
    let moment = |text: &str| Timestamp::parse(text);
    let began = moment(&started_at).unwrap_or(UNIX_EPOCH);
    let ended = moment(&text("ended_at")).unwrap_or(began);
    let errors = lines.iter().filter_map(error).take(SHOWN).collect();
    let alerts = lines.iter().filter_map(alert).take(SHOWN).collect();
    let mut spans = spans(&lines, began);
    spans.died(ended.duration_since(began).unwrap_or_default());
    lines.truncate(SHOWN_LINES);
    lines.reverse();
    let snapshot = snapshot(members, ended);
    let mut past = attached.runs.past(&attached.run, usual::LOOKED_AT + 1);
    past.retain(|other| other.run < run);
    let place = match get("last_stage").as_str() {
        Some(stage) => format!(" in {stage}"),
        None => String::new(),
    };
    let calls = get("calls_in_flight").as_array().map_or(0, Vec::len);
    View {
        state: State::Died(format!(
            "It died{place}, with {calls} {} in flight: it was killed, aborted, or left by process::exit. Its last numbers are up to a second older.",
            if calls == 1 { "call" } else { "calls" }
        )),
        identity: Identity {
            name: text("name"),
            version: get("version").as_str().map(str::to_owned),
            host: text("host"),
            pid: u32::try_from(get("pid").as_u64().unwrap_or(0)).unwrap_or(0),
            run,
            started_at,
            log: attached.paths.log().display().to_string(),
            metrics: attached.paths.metrics().display().to_string(),
        },
        duration: ended.duration_since(began).unwrap_or_default(),
        compared: usual::compare(&snapshot, &past, false),
        missing: Vec::new(),
        snapshot,
        series: Series::default(),
        spans,
        errors,
        alerts,
        points: Vec::new(),
        lines,
        lost: get("lines_lost").as_u64().unwrap_or(0),
        past,
        stages: attached.stages.clone(),
    }
}

fn error(line: &TailLine) -> Option<ErrorEntry> {
    Some(ErrorEntry {
        time: Timestamp::of(Timestamp::parse(&line.time)?),
        event_type: line.event_type.clone(),
        stage: line.stage.clone(),
        function: line.function.clone(),
        text: line.error.clone()?,
    })
}

fn alert(line: &TailLine) -> Option<AlertEntry> {
    if line.event_type != "alert.raised" {
        return None;
    }
    Some(AlertEntry {
        id: String::new(),
        time: Timestamp::of(Timestamp::parse(&line.time)?),
        severity: match &*line.level {
            "CRITICAL" | "ERROR" => Severity::Critical,
            "WARNING" => Severity::Warning,
            _ => Severity::Info,
        },
        message: line.message.clone(),
        is_over: false,
        deliveries: vec![("delivery".to_owned(), SEE_OUTBOX.to_owned())],
    })
}

/// The calls that `lines` tell of, the latest first.
fn spans(lines: &[TailLine], began: SystemTime) -> Spans {
    let mut spans = Spans::default();
    // With which event type each call began: what a program logs by hand ends none.
    let mut prefixes: HashMap<u64, &str> = HashMap::new();
    for line in lines.iter().rev().filter(|line| line.span != 0) {
        let at = Timestamp::parse(&line.time).and_then(|at| at.duration_since(began).ok());
        let Some(at) = at else {
            continue;
        };
        if let Some(prefix) = line.event_type.strip_suffix("_START") {
            if prefixes.contains_key(&line.span) {
                continue;
            }
            prefixes.insert(line.span, prefix);
            let own = |text: &Option<String>| text.clone().unwrap_or_default().into();
            let place = Place {
                stage: own(&line.stage),
                function: own(&line.function),
            };
            spans.started(line.span, line.parent, place, at);
        } else if line.event_type == "call.retry" {
            let wait = line.data["wait"].as_f64().and_then(time);
            spans.waits(line.span, at, wait.unwrap_or_default());
        } else if let Some(prefix) = prefixes.get(&line.span) {
            let mark = match line.event_type.strip_prefix(prefix) {
                Some("_END") => Mark::Ok,
                Some("_ERROR") => Mark::Failed,
                Some("_CANCELLED") => Mark::Cancelled,
                _ => continue,
            };
            let length = line.data["duration"].as_f64().and_then(time);
            spans.ended(line.span, length.unwrap_or_default(), mark);
        }
    }
    spans
}

fn time(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok()
}

fn snapshot(members: &Members, at: SystemTime) -> Snapshot {
    let get = |key: &str| members.get(key).unwrap_or(&Value::Null);
    let process = get("process");
    let stages = get("stages").as_array().into_iter().flatten();
    let name = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let functions = |stage: &Value| {
        let functions = stage["functions"].as_array().into_iter().flatten();
        functions
            .map(|function| FunctionSnapshot {
                function: name(function, "function"),
                // Of another program, maybe: no path that is known for ever.
                file: "",
                line: 0,
                stats: stats(function),
            })
            .collect()
    };
    let mut stages: Vec<StageSnapshot> = stages
        .map(|stage| StageSnapshot {
            stage: name(stage, "stage"),
            totals: stats(stage),
            functions: functions(stage),
            progress: None,
        })
        .collect();
    // The calls in flight are those of the log, the numbers may be older.
    let flying = get("calls_in_flight").as_array().into_iter().flatten();
    for id in flying.filter_map(|call| call["stage"].as_str()) {
        match stages.iter_mut().find(|stage| stage.stage == id) {
            Some(stage) => stage.totals.in_flight = stage.totals.in_flight.max(1),
            None => stages.push(StageSnapshot {
                stage: id.to_owned(),
                totals: CallStats {
                    in_flight: 1,
                    ..CallStats::default()
                },
                functions: Vec::new(),
                progress: None,
            }),
        }
    }
    Snapshot {
        taken_at: at,
        stages,
        process: ProcessSnapshot {
            cpu_time: process["cpu_time"].as_f64().and_then(time),
            memory_resident: process["memory_resident"].as_u64(),
            memory_peak: process["memory_peak"].as_u64(),
            ..ProcessSnapshot::default()
        },
    }
}

fn stats(value: &Value) -> CallStats {
    let count = |key: &str| value[key].as_u64().unwrap_or(0);
    let took = &value["processing_time"];
    let seconds = |value: &Value| value.as_f64().and_then(time).unwrap_or_default();
    let bucket = |pair: &Value| {
        let nanos = u64::try_from(seconds(&pair[0]).as_nanos()).ok()?;
        Some((nanos, pair[1].as_u64()?))
    };
    let buckets = took["buckets"].as_array();
    let mut buckets: Vec<(u64, u64)> = match buckets {
        Some(pairs) => pairs.iter().filter_map(bucket).collect(),
        // Functions have none: three of their quantiles are what is known.
        None => from_quantiles(took, count("calls")),
    };
    buckets.sort_unstable();
    CallStats {
        ok: count("calls_ok"),
        error: count("calls_error"),
        panic: count("calls_panic"),
        timeout: count("calls_timeout"),
        cancelled: count("calls_cancelled"),
        records: count("records_processed"),
        records_in: count("records_in"),
        records_rejected: count("records_rejected"),
        records_unaccounted: value["records_unaccounted"].as_i64().unwrap_or(0),
        retries: count("retries"),
        retry_wait: seconds(&value["retry_wait"]),
        recovered: count("retry_recovered"),
        gave_up: count("retry_gave_up"),
        not_retryable: count("retry_not_retryable"),
        out_of_budget: count("retry_out_of_budget"),
        in_flight: count("in_flight"),
        duration: HistogramSnapshot::from_parts(
            buckets,
            seconds(&took["total"]),
            seconds(&took["max"]),
        ),
        ..CallStats::default()
    }
}

/// A histogram with these quantiles.
fn from_quantiles(took: &Value, calls: u64) -> Vec<(u64, u64)> {
    let nanos = |key: &str| {
        let time = took[key].as_f64().and_then(time).unwrap_or_default();
        u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
    };
    let rank = |share: f64| (share * calls as f64).ceil() as u64;
    let (p50, p95, p99) = (rank(0.5), rank(0.95), rank(0.99));
    let steps = [
        (nanos("p50"), p50),
        (nanos("p95"), p95.saturating_sub(p50)),
        (nanos("p99"), p99.saturating_sub(p95)),
        (nanos("max"), calls.saturating_sub(p99)),
    ];
    steps.into_iter().filter(|(_, count)| *count > 0).collect()
}
