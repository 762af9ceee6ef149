//! The end of a trouble.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use monitor_config::Condition;

use super::lock;
use crate::desk::AlertDesk;

/// How many ends of troubles a call tells itself.
const AT_ONCE: usize = 10;

/// How often the stages succeeded that tell of no success themselves.
pub(crate) type Successes = BTreeMap<&'static str, u64>;

impl AlertDesk {
    /// What is about one of `conditions` is over in a stage.
    pub(crate) fn went_well(&self, stage: &str, conditions: &[Condition]) {
        self.went_well_since(stage, conditions, None);
    }

    /// The same of that of which nothing was heard since then: of a success it is known only that
    /// it came later.
    pub(crate) fn went_well_since(
        &self,
        stage: &str,
        conditions: &[Condition],
        since: Option<SystemTime>,
    ) {
        if !self.folding.is_troubled.load(Ordering::Relaxed) {
            return;
        }
        let now = self.now();
        let mut counted = lock(&self.folding.counted);
        if since.is_none() {
            counted.went_well(stage, conditions);
        }
        let mut fold = lock(&self.folding.fold);
        let notices = fold.end_of_before(stage, conditions, since, now);
        let is_troubled = !counted.is_empty() || fold.has_open();
        self.folding
            .is_troubled
            .store(is_troubled, Ordering::Relaxed);
        drop((counted, fold));
        self.remember_again();
        // Who ends many does not have to wait until all of that is told.
        let at_once = notices.len().min(AT_ONCE);
        let (now, later) = notices.split_at(at_once);
        lock(&self.folding.later).extend_from_slice(later);
        for notice in now {
            self.notify(notice);
        }
    }

    /// The successes of stages by which the end of a trouble is noticed, and when they were
    /// looked at; gives what they were before.
    pub(crate) fn see_successes(&self, successes: Successes) -> Option<(SystemTime, Successes)> {
        let now = self.now();
        lock(&self.folding.successes).replace((now, successes))
    }
}
