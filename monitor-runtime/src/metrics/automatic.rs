//! The metrics that `metrics.json` has of itself, by name.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::file::Lost;
use super::process::ProcessSnapshot;
use super::snapshot::CallStats;
use crate::fields::seconds;

/// Name, value and unit.
pub(crate) type Metric = (&'static str, Value, &'static str);

/// Of a stage: every count, and times and rates where there is something to measure.
pub(crate) fn of_stage(stats: &CallStats) -> Vec<Metric> {
    let time = |duration| Value::from(seconds(duration));
    let duration = &stats.duration;
    let mut metrics = vec![("processing_time", time(duration.total()), "seconds")];
    // Of nothing there is no median and no rate: zero would be a call that took no time.
    if duration.count() > 0 {
        for (metric, q) in [
            ("processing_time_p50", 0.5),
            ("processing_time_p95", 0.95),
            ("processing_time_p99", 0.99),
        ] {
            metrics.push((metric, time(duration.quantile(q)), "seconds"));
        }
        metrics.push(("processing_time_max", time(duration.max()), "seconds"));
    }
    metrics.extend([
        ("calls", stats.calls().into(), "calls"),
        ("calls_ok", stats.ok.into(), "calls"),
        ("calls_error", stats.error.into(), "calls"),
        ("calls_panic", stats.panic.into(), "calls"),
        ("calls_timeout", stats.timeout.into(), "calls"),
        ("calls_cancelled", stats.cancelled.into(), "calls"),
        ("records_processed", stats.records.into(), "records"),
        ("retries", stats.retries.into(), "retries"),
        ("retry_wait", time(stats.retry_wait), "seconds"),
        ("in_flight", stats.in_flight.into(), "calls"),
    ]);
    if stats.calls() > 0 {
        metrics.push(("error_rate", stats.error_rate().into(), "ratio"));
        metrics.push(("busy", time(stats.busy), "seconds"));
    }
    if let Some(cpu) = stats.cpu_time {
        metrics.push(("cpu_time", time(cpu), "seconds"));
    }
    if let Some(rate) = stats.records_per_second() {
        metrics.push(("records_per_second", rate.into(), "records/s"));
    }
    let since_1970 = |at: SystemTime| at.duration_since(UNIX_EPOCH).ok();
    if let Some(at) = stats.last_success.and_then(since_1970) {
        metrics.push(("last_success", time(at), "seconds since 1970"));
    }
    let endings = [
        ("retry_recovered", stats.recovered),
        ("retry_gave_up", stats.gave_up),
        ("retry_not_retryable", stats.not_retryable),
        ("retry_out_of_budget", stats.out_of_budget),
    ];
    if endings.iter().any(|(_, calls)| *calls > 0) {
        metrics.push(("retry_first_try", stats.first_try().into(), "calls"));
        metrics.extend(endings.map(|(metric, calls)| (metric, calls.into(), "calls")));
    }
    if stats.records_in > 0 || stats.records_rejected > 0 {
        for (metric, value) in [
            ("records_in", Value::from(stats.records_in)),
            ("records_rejected", stats.records_rejected.into()),
            ("records_unaccounted", stats.records_unaccounted.into()),
        ] {
            metrics.push((metric, value, "records"));
        }
    }
    metrics
}

/// Of the process, and what the run could not keep.
pub(crate) fn of_process(process: &ProcessSnapshot, lost: Lost) -> Vec<Metric> {
    let mut metrics = Vec::new();
    if let Some(cpu) = process.cpu_time {
        metrics.push(("cpu_time", seconds(cpu).into(), "seconds"));
    }
    if let Some(bytes) = process.memory_resident {
        metrics.push(("memory_resident", bytes.into(), "bytes"));
    }
    if let Some(bytes) = process.memory_peak {
        metrics.push(("memory_peak", bytes.into(), "bytes"));
    }
    if let Some(threads) = process.threads {
        metrics.push(("threads", threads.into(), "threads"));
    }
    if let Some(files) = process.open_files {
        metrics.push(("open_files", files.into(), "files"));
    }
    if lost.points > 0 {
        metrics.push(("points_dropped", lost.points.into(), "points"));
    }
    if lost.lines > 0 {
        metrics.push(("log_lines_lost", lost.lines.into(), "lines"));
    }
    metrics
}
