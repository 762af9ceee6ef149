//! What has to hold of a snapshot, whenever it is taken.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use monitor_runtime::{CallStats, Snapshot, snapshot};

/// Each call has ended in one way and has one duration.
fn assert_consistent(name: &str, stats: &CallStats) {
    let outcomes = stats.ok + stats.error + stats.panic + stats.timeout + stats.cancelled;
    assert_eq!(stats.calls(), outcomes, "{name}");
    assert_eq!(stats.duration.count(), outcomes, "{name}");
    assert!(stats.busy <= stats.duration.total(), "{name}: {stats:?}");
    assert!(stats.duration.max() <= stats.duration.total(), "{name}");
    let cpu = stats.cpu_time.unwrap_or_default();
    assert!(cpu <= stats.busy, "{name}: {stats:?}");
}

/// What is counted up is never less than it was.
fn assert_not_fallen(name: &str, before: &CallStats, now: &CallStats) {
    let numbers = |stats: &CallStats| {
        [
            ("ok", u128::from(stats.ok)),
            ("error", u128::from(stats.error)),
            ("panic", u128::from(stats.panic)),
            ("timeout", u128::from(stats.timeout)),
            ("cancelled", u128::from(stats.cancelled)),
            ("records", u128::from(stats.records)),
            ("records_in", u128::from(stats.records_in)),
            ("records_rejected", u128::from(stats.records_rejected)),
            ("total", stats.duration.total().as_nanos()),
            ("max", stats.duration.max().as_nanos()),
            ("busy", stats.busy.as_nanos()),
        ]
    };
    for ((what, before), (_, now)) in numbers(before).into_iter().zip(numbers(now)) {
        assert!(before <= now, "{name}: {what} fell from {before} to {now}");
    }
}

/// Says when it is dropped, also by a panic, that nothing more happens: who looks until then
/// is waited for.
pub(crate) struct Ends<'a>(pub(crate) &'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Looks at snapshots, one after the other.
#[derive(Default)]
pub(crate) struct Watch {
    last: HashMap<String, CallStats>,
    pub(crate) seen: u64,
}

impl Watch {
    /// Looks until that is so, and once more.
    pub(crate) fn until(&mut self, ended: &AtomicBool, stage: &str, limit: impl Fn(&str) -> u64) {
        while !ended.load(Ordering::Acquire) {
            self.look(stage, &limit);
        }
        self.look(stage, &limit);
    }

    /// The functions of `stage`, and the stage itself, in a snapshot that is taken now. Of
    /// each, `limit` says how many calls can run at once.
    pub(crate) fn look(&mut self, stage: &str, limit: impl Fn(&str) -> u64) {
        let now = snapshot();
        let stage = now.stage(stage).unwrap();
        let functions = stage.functions.iter();
        let all = functions
            .map(|function| (function.function.as_str(), &function.stats))
            .chain([("", &stage.totals)]);
        for (name, stats) in all {
            assert_consistent(name, stats);
            let (flying, limit) = (stats.in_flight, limit(name));
            assert!(flying <= limit, "{name}: {flying} in flight, of {limit}");
            if let Some(before) = self.last.insert(name.to_owned(), stats.clone()) {
                assert_not_fallen(name, &before, stats);
            }
        }
        self.seen += 1;
    }
}

/// The counts of one function.
pub(crate) fn function(snapshot: &Snapshot, stage: &str, name: &str) -> CallStats {
    let mut functions = snapshot.stage(stage).unwrap().functions.iter();
    let found = functions.find(|function| function.function == name);
    found.unwrap().stats.clone()
}

/// The same, now.
pub(crate) fn function_now(stage: &str, name: &str) -> CallStats {
    function(&snapshot(), stage, name)
}

/// The counts of a stage, now.
pub(crate) fn stage_now(stage: &str) -> CallStats {
    snapshot().stage(stage).unwrap().totals.clone()
}

/// The same by outcome: ok, error, panic, timeout, cancelled, and those in flight.
pub(crate) fn outcomes(stats: &CallStats) -> [u64; 6] {
    assert_consistent("", stats);
    [
        stats.ok,
        stats.error,
        stats.panic,
        stats.timeout,
        stats.cancelled,
        stats.in_flight,
    ]
}

/// Resident memory of this process in KiB; none where the system does not tell.
pub(crate) fn resident() -> Option<u64> {
    Some(snapshot().process.memory_resident? / 1024)
}
