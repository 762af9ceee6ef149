//! What this run is compared with: earlier runs, as their records tell.

use std::path::Path;

use serde_json::Value;

use super::folder;
use super::record::Members;

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
    let members = runs.filter_map(|run| folder::read(folder, run));
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
