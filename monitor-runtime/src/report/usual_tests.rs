use std::time::SystemTime;

use super::*;
use crate::metrics::histogram::HistogramSnapshot;
use crate::metrics::process::ProcessSnapshot;
use crate::metrics::snapshot::StageSnapshot;

/// The same numbers each time: a linear congruential generator (Knuth, MMIX).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 = (self.0)
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A number that scatters by some 5 % around 1: twelve uniform ones make nearly a normal one.
fn scatter(random: &mut Random) -> f64 {
    let sum: f64 = (0..12).map(|_| random.below(1_000) as f64 / 1_000.0).sum();
    1.0 + 0.05 * (sum - 6.0)
}

fn past(random: &mut Random, runs: usize) -> Vec<PastRun> {
    let run = |number| PastRun {
        run: format!("{number}"),
        outcome: "ok".to_owned(),
        stages: vec![PastStage {
            stage: "NBA-17".to_owned(),
            calls: 10,
            errors: 0,
            records: 5_000,
            seconds: 20.0 * scatter(random),
        }],
        ..PastRun::default()
    };
    (0..runs).map(run).collect()
}

fn now(seconds: f64, records: u64, error: u64) -> Snapshot {
    let totals = CallStats {
        ok: 10 - error,
        error,
        records,
        duration: HistogramSnapshot::of([(Duration::from_secs_f64(seconds / 10.0), 10)]),
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

fn flagged(snapshot: &Snapshot, past: &[PastRun]) -> Vec<Measure> {
    let all = compare(snapshot, past, true).into_iter();
    all.filter(Compared::is_flagged)
        .map(|compared| compared.measure)
        .collect()
}

#[test]
fn slowdowns_are_flagged_and_usual_runs_are_not() {
    let mut random = Random::new(7);
    let (mut slow, mut usual) = (0, 0);
    for _ in 0..20 {
        let history = past(&mut random, 20);
        let seconds = 20.0 * scatter(&mut random);
        let is_flagged = |seconds| flagged(&now(seconds, 5_000, 0), &history);
        slow += usize::from(is_flagged(seconds * 1.5) == [Measure::TimePerRecord]);
        usual += usize::from(is_flagged(seconds).is_empty());
    }
    assert_eq!((slow, usual), (20, 20));
}

#[test]
fn each_measure_is_flagged_for_itself() {
    let history = past(&mut Random::new(3), 10);
    assert_eq!(
        flagged(&now(20.0, 5_000, 2), &history),
        [Measure::ErrorRate]
    );
    assert!(flagged(&now(16.0, 4_000, 0), &history).contains(&Measure::Records));
    assert_eq!(flagged(&now(20.0, 5_000, 0), &history), []);
    let faster = compare(&now(5.0, 5_000, 0), &history, true);
    assert!(faster[0].is_flagged() && !faster[0].is_worse());
    assert!(faster[0].sentence().contains(" 0.3 × the usual "));
}

#[test]
fn fewer_records_make_no_call_slow() {
    let history = past(&mut Random::new(3), 10);
    // As long as always, for half of the records.
    assert_eq!(flagged(&now(20.0, 2_500, 0), &history), [Measure::Records]);
    let slow = compare(&now(50.0, 2_500, 0), &history, true);
    assert!(slow[0].is_worse());
    let sentence = slow[0].sentence();
    assert!(
        sentence.starts_with("time per call 5 s, 2.5 × the usual 2 s ("),
        "{sentence}"
    );
}

#[test]
fn a_stage_that_takes_next_to_no_time_is_not_slow() {
    let mut history = past(&mut Random::new(3), 10);
    let mut snapshot = now(20.0, 5_000, 0);
    let mut small = snapshot.stages[0].clone();
    small.stage = "small".to_owned();
    small.totals.duration = HistogramSnapshot::of([(Duration::from_millis(10), 10)]);
    for run in &mut history {
        let seconds = 0.01;
        let mut stage = run.stages[0].clone();
        (stage.stage, stage.seconds) = ("small".to_owned(), seconds);
        run.stages.push(stage);
    }
    snapshot.stages.push(small);
    // Ten times as long, and less than a hundredth of all.
    assert_eq!(flagged(&snapshot, &history), []);
}

#[test]
fn a_stage_that_was_always_called_is_missed() {
    let history = past(&mut Random::new(3), NEEDED);
    let mut snapshot = now(20.0, 5_000, 0);
    assert_eq!(missing(&snapshot, &history), []);
    snapshot.stages[0].stage = "another".to_owned();
    assert_eq!(missing(&snapshot, &history), [("NBA-17".to_owned(), 10)]);
    assert_eq!(missing(&snapshot, &history[1..]), []);
    let mut sometimes = history;
    sometimes[3].stages.clear();
    assert_eq!(missing(&snapshot, &sometimes), []);
}

#[test]
fn too_few_runs_and_failed_ones_state_no_range() {
    let mut history = past(&mut Random::new(3), NEEDED - 1);
    assert_eq!(flagged(&now(200.0, 1, 9), &history), []);
    history.extend(history.clone());
    assert_ne!(flagged(&now(200.0, 1, 9), &history), []);
    for run in &mut history {
        run.outcome = "error".to_owned();
    }
    assert_eq!(flagged(&now(200.0, 1, 9), &history), []);
    assert!(compare(&now(200.0, 1, 9), &[], true).is_empty());
}

#[test]
fn a_few_bad_runs_do_not_move_the_range() {
    let mut history = past(&mut Random::new(3), 10);
    for run in &mut history[..3] {
        run.stages[0].seconds *= 50.0;
    }
    assert_eq!(
        flagged(&now(60.0, 5_000, 0), &history),
        [Measure::TimePerRecord]
    );
}
