//! When each stage last succeeded, in this run or in an earlier one.

use std::collections::BTreeMap;
use std::time::SystemTime;

use crate::metrics::snapshot::Snapshot;

/// The last success of each stage.
pub(crate) type LastSuccesses = BTreeMap<String, SystemTime>;

/// The last successes, and the counts by which a new one is noticed.
#[derive(Debug, Default)]
pub(super) struct Successes {
    counted: BTreeMap<String, u64>,
    last: LastSuccesses,
}

impl Successes {
    /// What earlier runs tell, for a run that starts with `snapshot`: a process may have had
    /// a run before.
    pub(super) fn new(earlier: LastSuccesses, snapshot: &Snapshot) -> Self {
        let stages = snapshot.stages.iter();
        Self {
            counted: stages
                .map(|stage| (stage.stage.clone(), stage.totals.ok))
                .collect(),
            last: earlier,
        }
    }

    /// Notes the stages that succeeded since the last time.
    pub(super) fn see(&mut self, snapshot: &Snapshot) {
        for stage in &snapshot.stages {
            let counted = self.counted.entry(stage.stage.clone()).or_default();
            if stage.totals.ok > *counted {
                *counted = stage.totals.ok;
                self.last.insert(stage.stage.clone(), snapshot.taken_at);
            }
        }
    }

    pub(super) fn last(&self) -> &LastSuccesses {
        &self.last
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
            }],
            process: ProcessSnapshot::default(),
        }
    }

    #[test]
    fn a_success_is_of_the_moment_at_which_the_count_grew() {
        let earlier = LastSuccesses::from([("NBA-17".to_owned(), UNIX_EPOCH)]);
        let mut successes = Successes::new(earlier, &snapshot(100, 7));
        let mut last = |seconds, ok| {
            successes.see(&snapshot(seconds, ok));
            let since = successes.last()["NBA-17"].duration_since(UNIX_EPOCH);
            since.unwrap().as_secs()
        };
        assert_eq!(last(101, 7), 0);
        assert_eq!(last(102, 8), 102);
        assert_eq!(last(103, 8), 102);
    }
}
