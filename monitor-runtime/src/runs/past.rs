//! What this run is compared with: earlier runs, as their records tell.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::folder;
use super::record::Members;

/// How much is read: the end of a run must not wait for its history.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// A run that has ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PastRun {
    pub(crate) run: String,
    pub(crate) started_at: String,
    pub(crate) outcome: String,
    /// In seconds.
    pub(crate) duration: f64,
    pub(crate) stages: Vec<PastStage>,
}

impl PastRun {
    pub(crate) fn is_good(&self) -> bool {
        self.outcome == "ok"
    }
}

/// What a stage did in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PastStage {
    pub(crate) stage: String,
    pub(crate) calls: u64,
    pub(crate) errors: u64,
    pub(crate) records: u64,
    /// Wall time of its calls, in seconds.
    pub(crate) seconds: f64,
}

/// The last `most` that ended of the pipeline `name`, the latest first, without the run `own`.
pub(super) fn read(folder: &Path, name: &str, own: &str, most: usize) -> Vec<PastRun> {
    let mut runs = folder::names(folder, |name| name.strip_suffix(".json").map(str::to_owned));
    // Ids are ordered by time.
    runs.reverse();
    let runs = runs.iter().filter(|run| run.as_str() < own);
    let mut bytes = 0;
    let short_enough = runs.take_while(|run| {
        let record = fs::metadata(folder::record_path(folder, run));
        bytes += record.map_or(0, |record| record.len());
        bytes <= MOST_BYTES
    });
    let members = short_enough.filter_map(|run| folder::read(folder, run));
    let of_pipeline =
        members.filter(|members| members.get("name").is_some_and(|other| other == name));
    let ended = of_pipeline.filter(|members| !folder::is_open(members));
    ended.map(|members| of(&members)).take(most).collect()
}

fn of(members: &Members) -> PastRun {
    let get = |key: &str| members.get(key).unwrap_or(&Value::Null);
    let text = |key: &str| get(key).as_str().unwrap_or_default().to_owned();
    PastRun {
        run: text("run_id"),
        started_at: text("started_at"),
        outcome: text("outcome"),
        duration: get("duration").as_f64().unwrap_or_default(),
        stages: folder::stages(members).map(stage).collect(),
    }
}

fn stage(value: &Value) -> PastStage {
    let number = |key: &str| value[key].as_u64().unwrap_or_default();
    let failed = ["calls_error", "calls_panic", "calls_timeout"].map(number);
    PastStage {
        stage: value["stage"].as_str().unwrap_or_default().to_owned(),
        calls: number("calls"),
        errors: failed.iter().fold(0, |sum, more| sum.saturating_add(*more)),
        records: number("records_processed"),
        seconds: value["processing_time"]["total"]
            .as_f64()
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn runs_of_this_pipeline_that_ended_before_are_read_the_latest_first() {
        let folder = std::env::temp_dir().join(format!("monitor-past-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let id = |number: u64| format!("{number:032x}");
        let put = |number: u64, name: &str, state: &str| {
            let stage = json!({"stage": "NBA-17", "calls": 3, "calls_error": 1, "calls_timeout": 1,
                "records_processed": number, "processing_time": {"total": 1.5}});
            let record = json!({"schema": 1, "run_id": id(number), "name": name, "state": state,
                "outcome": "ok", "duration": 2.5, "stages": [stage]});
            let path = folder::record_path(&folder, &id(number));
            fs::write(path, record.to_string()).unwrap();
        };
        for number in 1..=4 {
            put(number, "nba", "ended");
        }
        put(5, "another", "ended");
        put(6, "nba", "running");
        put(9, "nba", "ended");
        fs::write(folder::record_path(&folder, &id(7)), "[]").unwrap();
        let past = read(&folder, "nba", &id(8), 3);
        let numbers: Vec<u64> = past.iter().map(|run| run.stages[0].records).collect();
        assert_eq!(numbers, [4, 3, 2]);
        let stage = PastStage {
            stage: "NBA-17".to_owned(),
            calls: 3,
            errors: 2,
            records: 4,
            seconds: 1.5,
        };
        assert_eq!(past[0].stages, [stage]);
        fs::remove_dir_all(&folder).unwrap();
    }
}
