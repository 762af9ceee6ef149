//! What lies in `logs/runs/`. Whatever is not ours is left alone.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use monitor_config::{Severity, check_stage_id};
use serde_json::Value;

use super::lock::RunLock;
use super::record::{Members, SCHEMA};
use super::successes::{Known, Moments};
use crate::details::Usual;
use crate::logs::timestamp::Timestamp;
use crate::replace::run_of_temporary;

/// The longest record that is read: one of 1,000 stages has less.
const LONGEST_RECORD: u64 = 8 * 1024 * 1024;

/// How many stages of a record are told on.
const MOST_STAGES: usize = 10_000;

/// How old a lock or a file without a record must be to be taken for a left-over: a run that
/// just starts has not written its record yet.
const LEFT_OVER_AFTER: Duration = Duration::from_secs(3600);

pub(super) fn record_path(folder: &Path, run: &str) -> PathBuf {
    folder.join(format!("{run}.json"))
}

pub(super) fn lock_path(folder: &Path, run: &str) -> PathBuf {
    folder.join(format!("{run}.lock"))
}

/// What the records tell.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// The runs whose record is open, the oldest first.
    pub(super) open: Vec<String>,
    /// Those whose record is closed.
    pub(super) closed: Vec<String>,
    pub(super) known: Known,
    /// What a failure of each stage raises, as the latest run knew it.
    pub(super) alerts: BTreeMap<String, Severity>,
    /// The usual calls of each stage, of the latest run with successful ones.
    usual: BTreeMap<String, Usual>,
}

impl Earlier {
    pub(super) fn read(folder: &Path, now: SystemTime) -> Self {
        let mut earlier = Self::default();
        for run in names(folder, |name| name.strip_suffix(".json").map(str::to_owned)) {
            let Some(members) = read(folder, &run) else {
                continue;
            };
            earlier.add(&members, now);
            if is_open(&members) {
                earlier.open.push(run);
            } else {
                earlier.closed.push(run);
            }
        }
        let Known {
            last_success,
            waiting_since,
        } = &mut earlier.known;
        waiting_since.retain(|stage, _| !last_success.contains_key(stage));
        earlier
    }

    /// What each stage was like, and when it last succeeded.
    pub(super) fn usual(&self) -> BTreeMap<String, Usual> {
        let mut all = self.usual.clone();
        for (stage, at) in &self.known.last_success {
            all.entry(stage.clone()).or_default().last_success = Some(*at);
        }
        all
    }

    fn add(&mut self, members: &Members, now: SystemTime) {
        let last_success = &mut self.known.last_success;
        for (stage, at) in moments(members, "last_success", now) {
            let last = last_success.entry(stage).or_insert(at);
            *last = at.max(*last);
        }
        let waiting_since = &mut self.known.waiting_since;
        for (stage, at) in moments(members, "waiting_since", now) {
            let since = waiting_since.entry(stage).or_insert(at);
            *since = at.min(*since);
        }
        for stage in stages(members) {
            if let (Some(id), Some(alert)) = (stage["stage"].as_str(), severity(stage)) {
                self.alerts.insert(id.to_owned(), alert);
            }
            if let (Some(id), Some(usual)) = (stage["stage"].as_str(), usual(stage)) {
                self.usual.insert(id.to_owned(), usual);
            }
        }
    }
}

/// What the calls of a stage were like in one run.
fn usual(stage: &Value) -> Option<Usual> {
    let calls = stage["calls_ok"].as_u64().filter(|calls| *calls > 0)?;
    let records = stage["records_processed"].as_u64().filter(|all| *all > 0);
    let duration = stage["processing_time"]["p50"].as_f64();
    Some(Usual {
        duration: duration.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        records: records.map(|records| records / calls),
        last_success: None,
    })
}

/// The moments that a record tells of, of ids that a stage can have.
fn moments(members: &Members, key: &str, now: SystemTime) -> Moments {
    let moments = members.get(key).and_then(Value::as_object);
    let moments = moments.into_iter().flatten().filter_map(|(stage, at)| {
        check_stage_id(stage).ok()?;
        let at = Timestamp::parse(at.as_str()?)?;
        // A clock may have gone wrong.
        Some((stage.clone(), at.min(now)))
    });
    moments.take(MOST_STAGES).collect()
}

pub(super) fn stages(members: &Members) -> impl Iterator<Item = &Value> {
    let stages = members.get("stages").and_then(Value::as_array);
    stages.into_iter().flatten()
}

fn severity(stage: &Value) -> Option<Severity> {
    Severity::parse(stage["alert"].as_str()?).ok()
}

pub(super) fn is_open(members: &Members) -> bool {
    members.get("state").is_some_and(|state| state == "running")
}

/// The record of a run; nothing where the file is none that we could have written.
pub(super) fn read(folder: &Path, run: &str) -> Option<Members> {
    let path = record_path(folder, run);
    // To open a pipe could hold the program up for ever.
    let metadata = fs::symlink_metadata(&path).ok()?;
    if !metadata.is_file() || metadata.len() > LONGEST_RECORD {
        return None;
    }
    let mut content = Vec::new();
    let file = File::open(&path).ok()?;
    file.take(LONGEST_RECORD).read_to_end(&mut content).ok()?;
    let Ok(Value::Object(members)) = serde_json::from_slice(&content) else {
        return None;
    };
    let is_ours = members.get("schema")?.as_u64()? == SCHEMA
        && members.get("run_id")?.as_str()? == run
        && members.get("state")?.is_string();
    is_ours.then_some(members)
}

/// The runs that the names of files in `folder` are made of, the oldest first.
pub(super) fn names(folder: &Path, run_of: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| run_of(entry.file_name().to_str()?));
    let mut runs: Vec<String> = names.filter(|run| is_id(run)).collect();
    runs.sort_unstable();
    runs
}

fn is_id(run: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    run.len() == 32 && run.bytes().all(is_digit)
}

/// Removes the oldest of the closed records, so that with `others` at most `keep` are left.
pub(super) fn prune(folder: &Path, closed: &[String], others: usize, keep: usize) {
    let left = keep.saturating_sub(others);
    let too_many = closed.len().saturating_sub(left);
    for run in &closed[..too_many] {
        let _ = fs::remove_file(record_path(folder, run));
    }
}

/// Removes what runs left that were killed: beginnings of files in `folders`, and locks.
pub(super) fn clean(folder: &Path, folders: [&Path; 2], now: SystemTime) {
    for within in folders {
        let entries = fs::read_dir(within).into_iter().flatten().flatten();
        for entry in entries {
            let name = entry.file_name();
            let run = name.to_str().and_then(run_of_temporary);
            if run.is_some_and(|run| is_id(run) && is_over(folder, run, now)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
    for run in names(folder, |name| name.strip_suffix(".lock").map(str::to_owned)) {
        let is_closed = |members: Members| !is_open(&members);
        let record = read(folder, &run);
        let is_of_no_use = record.map_or_else(|| is_old(&run, now), is_closed);
        if is_of_no_use && let Ok(Some(lock)) = RunLock::take(&lock_path(folder, &run)) {
            lock.remove();
        }
    }
}

/// Whether a run has surely ended.
fn is_over(folder: &Path, run: &str, now: SystemTime) -> bool {
    let lock = lock_path(folder, run);
    if lock.exists() {
        return matches!(RunLock::take(&lock), Ok(Some(_)));
    }
    read(folder, run).map_or_else(|| is_old(run, now), |members| !is_open(&members))
}

/// By the time that is in a run's id.
fn is_old(run: &str, now: SystemTime) -> bool {
    let Some(millis) = run.get(..12) else {
        return false;
    };
    let millis = u64::from_str_radix(millis, 16).unwrap_or(u64::MAX);
    let began = UNIX_EPOCH.checked_add(Duration::from_millis(millis));
    began.is_some_and(|began| {
        now.duration_since(began)
            .is_ok_and(|age| age > LEFT_OVER_AFTER)
    })
}
