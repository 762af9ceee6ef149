//! What stands in the files of runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long a test waits for what must happen. Only a broken program meets it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until `is_so`.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "it never came: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub(crate) fn json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error} in {text:?}"))
}

/// The lines of the log of this type.
pub(crate) fn lines(logs: &Path, event_type: &str) -> Vec<Value> {
    let text = fs::read_to_string(logs.join("pipeline.json")).unwrap_or_default();
    let lines = text.lines().filter_map(|line| {
        // A kill leaves what is no line.
        serde_json::from_str::<Value>(line).ok()
    });
    lines
        .filter(|line| line["event_type"] == event_type)
        .collect()
}

/// The names of the files in the folder of the records.
pub(crate) fn names(logs: &Path) -> Vec<String> {
    let entries = fs::read_dir(logs.join("runs")).into_iter().flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names
}

/// The records, the oldest first.
pub(crate) fn records(logs: &Path) -> Vec<Value> {
    let names = names(logs).into_iter();
    names
        .filter(|name| name.ends_with(".json"))
        .map(|name| json(&logs.join("runs").join(name)))
        .collect()
}

/// Where the record of a run is.
pub(crate) fn path_of(logs: &Path, record: &Value) -> PathBuf {
    let run = record["run_id"].as_str().unwrap();
    logs.join("runs").join(format!("{run}.json"))
}

/// The lines and alerts that tell of the death of a run.
pub(crate) fn told(logs: &Path, run: &Value) -> (Vec<Value>, Vec<Value>) {
    ["run.died", "alert.raised"]
        .map(|event_type| {
            let mut lines = lines(logs, event_type);
            lines.retain(|line| line["data"]["died"] == *run);
            lines
        })
        .into()
}

/// A metric of a stage in `metrics.json`.
pub(crate) fn metric(logs: &Path, stage: &str, metric: &str) -> Option<Value> {
    let path = logs.join("metrics.json");
    if !path.exists() {
        return None;
    }
    let rows = json(&path);
    let mut rows = rows.as_array().unwrap().iter();
    let row = rows.find(|row| row["stage"] == stage && row["metric"] == metric);
    row.map(|row| row["value"].clone())
}

/// The stage of a record.
pub(crate) fn stage<'a>(record: &'a Value, id: &str) -> &'a Value {
    let mut stages = record["stages"].as_array().unwrap().iter();
    stages.find(|stage| stage["stage"] == id).unwrap()
}
