//! When each stage last succeeded, in this run or in an earlier one.

use std::collections::BTreeMap;
use std::time::SystemTime;

use crate::metrics::snapshot::Snapshot;

/// A moment of each stage.
pub(crate) type Moments = BTreeMap<String, SystemTime>;

/// What the runs so far know of each stage.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// When it last succeeded.
    pub(super) last_success: Moments,
    /// Since when it is known, where it never has.
    pub(super) waiting_since: Moments,
}

impl Known {
    /// Since when each stage has gone without a success.
    pub(super) fn without_success(&self) -> Moments {
        let mut since = self.waiting_since.clone();
        since.extend(self.last_success.clone());
        since
    }

    fn wait(&mut self, stage: &str, now: SystemTime) {
        if !self.last_success.contains_key(stage) && !self.waiting_since.contains_key(stage) {
            self.waiting_since.insert(stage.to_owned(), now);
        }
    }
}

/// The last successes, and the counts by which a new one is noticed.
#[derive(Debug, Default)]
pub(super) struct Successes {
    counted: BTreeMap<String, u64>,
    known: Known,
}

impl Successes {
    /// What earlier runs tell, for a run that starts with `snapshot`: a process may have had
    /// a run before. It waits for `awaited` from the start.
    pub(super) fn new<'a>(
        earlier: Known,
        snapshot: &Snapshot,
        awaited: impl Iterator<Item = &'a String>,
    ) -> Self {
        let stages = snapshot.stages.iter();
        let mut known = earlier;
        awaited.for_each(|stage| known.wait(stage, snapshot.taken_at));
        Self {
            counted: stages
                .map(|stage| (stage.stage.clone(), stage.totals.ok))
                .collect(),
            known,
        }
    }

    /// Notes the stages that succeeded since the last time, and those that are new.
    pub(super) fn see(&mut self, snapshot: &Snapshot) {
        for stage in &snapshot.stages {
            let counted = self.counted.entry(stage.stage.clone()).or_default();
            if stage.totals.ok > *counted {
                *counted = stage.totals.ok;
                let last = &mut self.known.last_success;
                last.insert(stage.stage.clone(), snapshot.taken_at);
                self.known.waiting_since.remove(&stage.stage);
            } else {
                self.known.wait(&stage.stage, snapshot.taken_at);
            }
        }
    }

    pub(super) fn known(&self) -> &Known {
        &self.known
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::metrics::process::ProcessSnapshot;
    use crate::metrics::snapshot::{CallStats, StageSnapshot};

    fn snapshot(seconds: u64, ok: u64) -> Snapshot {
        Snapshot {
            taken_at: UNIX_EPOCH + Duration::from_secs(seconds),
            stages: vec![StageSnapshot {
                stage: "NBA-17".to_owned(),
                totals: CallStats {
                    ok,
                    error: seconds,
                    ..CallStats::default()
                },
                functions: Vec::new(),
                progress: None,
            }],
            process: ProcessSnapshot::default(),
        }
    }

    fn seconds(moments: &Moments) -> Vec<(&str, u64)> {
        let since = |at: &SystemTime| at.duration_since(UNIX_EPOCH).unwrap().as_secs();
        let moments = moments.iter();
        moments
            .map(|(stage, at)| (stage.as_str(), since(at)))
            .collect()
    }

    #[test]
    fn a_success_is_of_the_moment_at_which_the_count_grew() {
        let earlier = Known {
            last_success: Moments::from([("NBA-17".to_owned(), UNIX_EPOCH)]),
            ..Known::default()
        };
        let awaited = ["NBA-17".to_owned()];
        let mut successes = Successes::new(earlier, &snapshot(100, 7), awaited.iter());
        let mut last = |now, ok| {
            successes.see(&snapshot(now, ok));
            assert_eq!(seconds(&successes.known().waiting_since), []);
            seconds(&successes.known().last_success)[0].1
        };
        assert_eq!(last(101, 7), 0);
        assert_eq!(last(102, 8), 102);
        assert_eq!(last(103, 8), 102);
    }

    #[test]
    fn a_stage_waits_for_its_first_success_from_run_to_run() {
        let nothing = Snapshot {
            stages: Vec::new(),
            ..snapshot(100, 0)
        };
        let awaited = ["NBA-18".to_owned()];
        let mut first = Successes::new(Known::default(), &nothing, awaited.iter());
        first.see(&snapshot(101, 0));
        let known = first.known().clone();
        assert_eq!(
            seconds(&known.waiting_since),
            [("NBA-17", 101), ("NBA-18", 100)]
        );

        let mut second = Successes::new(known, &snapshot(200, 0), awaited.iter());
        second.see(&snapshot(201, 0));
        let since = second.known().without_success();
        assert_eq!(seconds(&since), [("NBA-17", 101), ("NBA-18", 100)]);
        second.see(&snapshot(202, 1));
        assert_eq!(seconds(&second.known().waiting_since), [("NBA-18", 100)]);
        let since = second.known().without_success();
        assert_eq!(seconds(&since), [("NBA-17", 202), ("NBA-18", 100)]);
    }
}
