//! `logs/metrics.json`: an array of `{"timestamp","stage","metric","value","unit"}`.

use serde_json::Value;

use super::automatic::{of_process, of_stage};
use super::points::Point;
use super::snapshot::Snapshot;
use crate::logs::timestamp::Timestamp;

/// The stage under which metrics of the process stand. No stage can have this id,
/// since ids begin with a letter or a digit.
pub(crate) const PROCESS: &str = "_process";

/// What the run could not keep.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lost {
    /// Measurements by hand.
    pub(crate) points: u64,
    /// Lines of the log.
    pub(crate) lines: u64,
}

/// The file's content: the automatic metrics, then the points recorded by hand. A
/// name recorded by hand replaces the automatic one of its stage.
pub(crate) fn content(snapshot: &Snapshot, points: &[Point], lost: Lost) -> String {
    let time = Timestamp::of(snapshot.taken_at).to_string();
    let mut rows = Vec::new();
    for stage in &snapshot.stages {
        for (metric, value, unit) in of_stage(&stage.totals) {
            let by_hand = |point: &Point| point.stage == stage.stage && point.metric == metric;
            if !points.iter().any(by_hand) {
                rows.push(row(&time, &stage.stage, metric, &value, unit));
            }
        }
    }
    for (metric, value, unit) in of_process(&snapshot.process, lost) {
        rows.push(row(&time, PROCESS, metric, &value, unit));
    }
    for point in points {
        let time = Timestamp::of(point.time).to_string();
        rows.push(row(
            &time,
            &point.stage,
            &point.metric,
            &point.value,
            &point.unit,
        ));
    }
    if rows.is_empty() {
        return "[]\n".to_owned();
    }
    format!("[\n{}\n]\n", rows.join(",\n"))
}

/// One object, indented by two as in the original. Written by hand because the
/// order of the keys is part of the format.
fn row(time: &str, stage: &str, metric: &str, value: &Value, unit: &str) -> String {
    let [stage, metric, unit] = [stage, metric, unit].map(Value::from);
    format!(
        "  {{\n    \"timestamp\": \"{time}\",\n    \"stage\": {stage},\n    \"metric\": {metric},\n    \"value\": {value},\n    \"unit\": {unit}\n  }}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::finished::Finished;
    use crate::metrics::kind::Outcome;
    use crate::metrics::process::ProcessSnapshot;
    use crate::metrics::snapshot::{CallStats, StageSnapshot};
    use crate::metrics::stats::SiteStats;
    use std::time::UNIX_EPOCH;

    fn snapshot() -> Snapshot {
        Snapshot {
            taken_at: UNIX_EPOCH,
            stages: vec![StageSnapshot {
                stage: "NBA-17".to_owned(),
                totals: CallStats {
                    ok: 3,
                    error: 1,
                    records: 5_228,
                    ..CallStats::default()
                },
                functions: Vec::new(),
                progress: None,
            }],
            process: ProcessSnapshot::default(),
        }
    }

    fn point(value: f64) -> Point {
        Point {
            time: UNIX_EPOCH,
            stage: "NBA-17".to_owned(),
            metric: "records_processed".to_owned(),
            value: value.into(),
            unit: "records".to_owned(),
        }
    }

    fn rows(content: &str) -> Vec<Value> {
        serde_json::from_str(content).unwrap()
    }

    #[test]
    fn the_format_is_the_original_one() {
        let text = content(&snapshot(), &[], Lost::default());
        assert!(text.starts_with("[\n  {\n    \"timestamp\": \"1970-01-01T00:00:00.000000Z\",\n    \"stage\": \"NBA-17\",\n    \"metric\": \"processing_time\",\n    \"value\": 0.0,\n    \"unit\": \"seconds\"\n  },\n"));
        let rate = rows(&text)
            .into_iter()
            .find(|row| row["metric"] == "error_rate");
        assert_eq!(rate.unwrap()["value"], 0.25);
    }

    #[test]
    fn what_never_ran_has_counts_but_no_times_and_no_rate() {
        let mut snapshot = snapshot();
        let names = |snapshot: &Snapshot| -> Vec<String> {
            let rows = rows(&content(snapshot, &[], Lost::default()));
            let of_times = |row: &Value| Some(row["metric"].as_str()?.to_owned());
            rows.iter().filter_map(of_times).collect()
        };
        let measures = [
            "processing_time_p50",
            "processing_time_p95",
            "processing_time_p99",
            "processing_time_max",
            "error_rate",
        ];
        let has = |names: &[String]| measures.map(|name| names.iter().any(|other| other == name));
        snapshot.stages[0].totals = CallStats::default();
        assert_eq!(has(&names(&snapshot)), [false; 5]);
        assert_eq!(names(&snapshot)[..2], ["processing_time", "calls"]);
        let stats = SiteStats::default();
        stats.start(true);
        stats.finish(&Finished::for_test(Outcome::Ok, true, 1_000_000));
        snapshot.stages[0].totals = stats.snapshot().0;
        assert_eq!(has(&names(&snapshot)), [true; 5]);
    }

    #[test]
    fn records_in_and_rejected_are_there_where_they_are_counted() {
        let counted = |snapshot: &Snapshot| {
            let rows = rows(&content(snapshot, &[], Lost::default()));
            let names = ["records_in", "records_rejected", "records_unaccounted"];
            names.map(|name| {
                let row = rows.iter().find(|row| row["metric"] == name);
                row.map(|row| row["value"].clone())
            })
        };
        let mut snapshot = snapshot();
        assert_eq!(counted(&snapshot), [None, None, None]);
        snapshot.stages[0].totals.records_in = 5_230;
        snapshot.stages[0].totals.records_unaccounted = 2;
        let expected = [5_230, 0, 2].map(|value| Some(Value::from(value)));
        assert_eq!(counted(&snapshot), expected);
    }

    #[test]
    fn every_point_recorded_by_hand_is_there_in_place_of_the_automatic_one() {
        let rows = rows(&content(
            &snapshot(),
            &[point(1.0), point(2.0)],
            Lost {
                points: 7,
                lines: 3,
            },
        ));
        let values: Vec<_> = rows
            .iter()
            .filter(|row| row["metric"] == "records_processed")
            .map(|row| row["value"].as_f64())
            .collect();
        assert_eq!(values, [Some(1.0), Some(2.0)]);
        assert!(
            rows.iter()
                .any(|row| row["metric"] == "points_dropped" && row["value"] == 7)
        );
    }

    #[test]
    fn nothing_measured_is_an_empty_array() {
        let empty = Snapshot {
            stages: Vec::new(),
            ..snapshot()
        };
        assert_eq!(content(&empty, &[], Lost::default()), "[]\n");
    }
}
