//! The numbers of each stage over time.
//!
//! A sample holds what happened since the one before, its histogram included: so two can be
//! put together without an error, and a long run has fewer and longer ones.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::metrics::histogram::HistogramSnapshot;
use crate::metrics::process::ProcessSnapshot;
use crate::metrics::snapshot::{CallStats, Snapshot};

/// How many samples a stage has at most; then two make one.
const MOST_SAMPLES: usize = 240;

/// How many stages are followed. A sample takes some 400 bytes, so that all of them stay
/// below 25 MiB, and those of a pipeline with three stages below 300 KiB.
const MOST_STAGES: usize = 256;

/// What a stage did in a stretch of time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    /// Its end, from the start of the run on, and its length.
    pub(crate) until: Duration,
    pub(crate) length: Duration,
    pub(crate) calls: u64,
    pub(crate) errors: u64,
    pub(crate) records: u64,
    pub(crate) retries: u64,
    pub(crate) retry_wait: Duration,
    /// The most that were seen.
    pub(crate) in_flight: u64,
    pub(crate) cpu: Option<Duration>,
    /// Of the process, the most that was seen while there were calls.
    pub(crate) memory: Option<u64>,
    pub(crate) duration: HistogramSnapshot,
}

/// What the process used in a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    pub(crate) until: Duration,
    pub(crate) length: Duration,
    pub(crate) cpu: Option<Duration>,
    /// The most that was seen.
    pub(crate) memory: Option<u64>,
}

/// All samples of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Series {
    stages: BTreeMap<String, Followed>,
    process: Vec<Used>,
    last_process: ProcessSnapshot,
    last_at: Duration,
    /// How long a stretch is at least.
    process_least: Duration,
}

#[derive(Clone, Debug, Default)]
struct Followed {
    last: CallStats,
    since: Duration,
    least: Duration,
    samples: Vec<Sample>,
}

impl Series {
    /// What is counted before the run is none of its course.
    pub(crate) fn begin(&mut self, snapshot: &Snapshot) {
        *self = Self::default();
        self.last_process = snapshot.process;
        for stage in snapshot.stages.iter().take(MOST_STAGES) {
            let followed = Followed {
                last: stage.totals.clone(),
                ..Followed::default()
            };
            self.stages.insert(stage.stage.clone(), followed);
        }
    }

    pub(crate) fn add(&mut self, at: Duration, snapshot: &Snapshot) {
        for stage in &snapshot.stages {
            if !self.stages.contains_key(&stage.stage) {
                if self.stages.len() == MOST_STAGES {
                    continue;
                }
                let followed = Followed {
                    since: self.last_at,
                    ..Followed::default()
                };
                self.stages.insert(stage.stage.clone(), followed);
            }
            if let Some(followed) = self.stages.get_mut(&stage.stage) {
                followed.add(at, &stage.totals, snapshot.process.memory_resident);
            }
        }
        let cpu = (snapshot.process.cpu_time).zip(self.last_process.cpu_time);
        let used = Used {
            until: at,
            length: at.saturating_sub(self.last_at),
            cpu: cpu.map(|(now, before)| now.saturating_sub(before)),
            memory: snapshot.process.memory_resident,
        };
        put(&mut self.process, used, &mut self.process_least);
        self.last_process = snapshot.process;
        self.last_at = at;
    }

    pub(crate) fn of(&self, stage: &str) -> &[Sample] {
        self.stages.get(stage).map_or(&[], |known| &known.samples)
    }

    pub(crate) fn process(&self) -> &[Used] {
        &self.process
    }
}

impl Followed {
    fn add(&mut self, at: Duration, now: &CallStats, memory: Option<u64>) {
        let before = &self.last;
        let calls = now.calls().saturating_sub(before.calls());
        let sample = Sample {
            until: at,
            length: at.saturating_sub(self.since),
            calls,
            errors: now.errors().saturating_sub(before.errors()),
            records: now.records.saturating_sub(before.records),
            retries: now.retries.saturating_sub(before.retries),
            retry_wait: now.retry_wait.saturating_sub(before.retry_wait),
            in_flight: now.in_flight,
            cpu: now
                .cpu_time
                .map(|cpu| cpu.saturating_sub(before.cpu_time.unwrap_or_default())),
            memory: memory.filter(|_| calls + now.in_flight > 0),
            duration: now.duration.since(&before.duration),
        };
        self.last = now.clone();
        self.since = at;
        // Before a stage's first call there is nothing to draw.
        let is_idle = sample.calls + sample.in_flight + sample.retries == 0;
        if !(is_idle && self.samples.is_empty()) {
            put(&mut self.samples, sample, &mut self.least);
        }
    }
}

/// Something about a stretch of time.
trait Stretch: Sized {
    fn length(&self) -> Duration;

    /// Takes in the stretch that follows.
    fn join(&mut self, next: Self);
}

impl Stretch for Sample {
    fn length(&self) -> Duration {
        self.length
    }

    fn join(&mut self, next: Self) {
        self.until = next.until;
        self.length += next.length;
        self.calls += next.calls;
        self.errors += next.errors;
        self.records = self.records.saturating_add(next.records);
        self.retries += next.retries;
        self.retry_wait = self.retry_wait.saturating_add(next.retry_wait);
        self.in_flight = self.in_flight.max(next.in_flight);
        self.cpu = match (self.cpu, next.cpu) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (a, b) => a.or(b),
        };
        self.memory = self.memory.max(next.memory);
        self.duration.merge(&next.duration);
    }
}

impl Stretch for Used {
    fn length(&self) -> Duration {
        self.length
    }

    fn join(&mut self, next: Self) {
        self.until = next.until;
        self.length += next.length;
        self.cpu = match (self.cpu, next.cpu) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (a, b) => a.or(b),
        };
        self.memory = self.memory.max(next.memory);
    }
}

/// Adds a stretch: to the last one where that is shorter than `least`, which doubles when the
/// list is full.
fn put<T: Stretch>(list: &mut Vec<T>, next: T, least: &mut Duration) {
    match list.last_mut() {
        Some(last) if last.length() < *least => last.join(next),
        _ => list.push(next),
    }
    if list.len() > MOST_SAMPLES {
        let mut halved: Vec<T> = Vec::with_capacity(MOST_SAMPLES);
        for (index, stretch) in std::mem::take(list).into_iter().enumerate() {
            match halved.last_mut() {
                Some(last) if index % 2 == 1 => last.join(stretch),
                _ => halved.push(stretch),
            }
        }
        *least = halved.first().map_or(*least, Stretch::length);
        *list = halved;
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::metrics::snapshot::StageSnapshot;

    fn snapshot(ok: u64) -> Snapshot {
        let totals = CallStats {
            ok,
            records: ok * 10,
            duration: HistogramSnapshot::of([(Duration::from_millis(ok % 7 + 1), ok)]),
            ..CallStats::default()
        };
        Snapshot {
            taken_at: SystemTime::UNIX_EPOCH,
            stages: vec![StageSnapshot {
                stage: "NBA-17".to_owned(),
                totals,
                functions: Vec::new(),
                progress: None,
            }],
            process: ProcessSnapshot::default(),
        }
    }

    #[test]
    fn a_stage_has_the_memory_of_the_process_only_while_it_has_calls() {
        let mut series = Series::default();
        for (second, calls, bytes) in [(1, 1, 30), (2, 1, 90), (3, 2, 50)] {
            let mut snapshot = snapshot(calls);
            snapshot.process.memory_resident = Some(bytes);
            series.add(Duration::from_secs(second), &snapshot);
        }
        let memory = series.of("NBA-17").iter().map(|sample| sample.memory);
        assert_eq!(memory.collect::<Vec<_>>(), [Some(30), None, Some(50)]);
    }

    #[test]
    fn a_day_of_samples_adds_up_and_stays_small() {
        let mut series = Series::default();
        series.begin(&snapshot(5));
        for second in 1..=86_400 {
            series.add(Duration::from_secs(second), &snapshot(5 + second));
        }
        let samples = series.of("NBA-17");
        assert!((100..=MOST_SAMPLES).contains(&samples.len()));
        let calls: u64 = samples.iter().map(|sample| sample.calls).sum();
        let records: u64 = samples.iter().map(|sample| sample.records).sum();
        let length: Duration = samples.iter().map(|sample| sample.length).sum();
        assert_eq!((calls, records), (86_400, 864_000));
        assert_eq!(length, Duration::from_secs(86_400));
        assert!(series.process().len() <= MOST_SAMPLES);
        assert!(samples.windows(2).all(|pair| pair[0].until < pair[1].until));
    }

    #[test]
    fn an_earlier_run_of_the_process_is_not_drawn() {
        let mut series = Series::default();
        series.begin(&snapshot(1_000));
        series.add(Duration::from_secs(1), &snapshot(1_000));
        assert!(series.of("NBA-17").is_empty());
        series.add(Duration::from_secs(2), &snapshot(1_003));
        assert_eq!(series.of("NBA-17")[0].calls, 3);
        assert!(series.of("NBA-18").is_empty());
    }

    #[test]
    fn no_more_stages_are_followed_than_said() {
        let mut many = snapshot(1);
        let stage = many.stages[0].clone();
        let named = |number: usize| StageSnapshot {
            stage: format!("S-{number}"),
            ..stage.clone()
        };
        many.stages = (0..1_000).map(named).collect();
        let mut series = Series::default();
        series.add(Duration::from_secs(1), &many);
        assert_eq!(series.stages.len(), MOST_STAGES);
    }
}
