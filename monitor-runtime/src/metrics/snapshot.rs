//! All metrics at one moment, as typed data.

use std::time::{Duration, SystemTime};

use super::grouped::{grouped, signed};
use super::histogram::HistogramSnapshot;
use super::process::ProcessSnapshot;
use super::stage_progress::StageProgress;

/// All metrics of the run so far.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Snapshot {
    /// When it was taken.
    pub taken_at: SystemTime,
    /// The stages: those that were called, in the order of their first calls, then those of
    /// the program's functions that were not called yet, by file and line. Platforms differ in
    /// whether a function is known before its first call: on Linux, Android, the BSDs,
    /// macOS, iOS and Windows it is. A scope of [`testing`](crate::testing) has only what was
    /// called in it.
    pub stages: Vec<StageSnapshot>,
    /// The process.
    pub process: ProcessSnapshot,
}

impl Snapshot {
    /// The stage with this id, if it was called or one of the program's functions has it.
    #[must_use]
    pub fn stage(&self, id: &str) -> Option<&StageSnapshot> {
        self.stages.iter().find(|stage| stage.stage == id)
    }
}

/// One stage.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StageSnapshot {
    /// Its id.
    pub stage: String,
    /// Its outermost calls, those not inside another call of the same stage, and
    /// all retries in it.
    pub totals: CallStats,
    /// Its functions, in the same order as the stages.
    pub functions: Vec<FunctionSnapshot>,
    /// How far its calls are that are under way, where they know (`records_total`).
    pub progress: Option<StageProgress>,
}

impl StageSnapshot {
    /// What became of the records that the stage was given in its outermost calls, as in *NBA-18 received 5,228,
    /// passed 5,190, rejected 38, 0 unaccounted for*; `None` where `records_in` counts none.
    #[must_use]
    pub fn records_account(&self) -> Option<String> {
        let stats = &self.totals;
        if stats.records_in == 0 {
            return None;
        }
        let [given, passed, rejected] =
            [stats.records_in, stats.records, stats.records_rejected].map(grouped);
        let unaccounted = signed(stats.records_unaccounted);
        Some(format!(
            "{} received {given}, passed {passed}, rejected {rejected}, {unaccounted} unaccounted for",
            self.stage
        ))
    }
}

/// One annotated function.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FunctionSnapshot {
    /// Its name.
    pub function: String,
    /// The source file it is in.
    pub file: &'static str,
    /// The line that its attribute begins on: that of the block where an `impl` block has it.
    pub line: u32,
    /// All of its calls.
    pub stats: CallStats,
}

/// Counts of calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallStats {
    /// Calls that returned a value.
    pub ok: u64,
    /// Calls that returned an error.
    pub error: u64,
    /// Calls that panicked.
    pub panic: u64,
    /// Calls that were cut off by an `attempt_timeout` or a `deadline`.
    pub timeout: u64,
    /// Futures that were dropped before they finished.
    pub cancelled: u64,
    /// Records that the calls produced.
    pub records: u64,
    /// Records that successful calls were given, where `records_in` counts them.
    pub records_in: u64,
    /// Records that the calls rejected, where `rejected` counts them.
    pub records_rejected: u64,
    /// Records that were given and neither produced nor rejected; below zero where more
    /// came out than went in. Counted where both `records_in` and `records` are given.
    pub records_unaccounted: i64,
    /// Failed attempts that were followed by another.
    pub retries: u64,
    /// Time spent waiting between attempts. It is part of the duration of a call whose
    /// body is the loop, and of none where each attempt is a call.
    pub retry_wait: Duration,
    /// Retried calls that succeeded after a retry. The functions in which `#[retry]`
    /// stands without `#[monitored]` count for the call that they are made in, here and in
    /// the next three.
    pub recovered: u64,
    /// Retried calls that failed when their attempts or their deadline were used up.
    pub gave_up: u64,
    /// Retried calls that failed with an error that `when` does not retry.
    pub not_retryable: u64,
    /// Retried calls that failed when their budget was empty.
    pub out_of_budget: u64,
    /// Retries within a call: the call made more attempts than one.
    pub(crate) retries_in_calls: u64,
    /// Recovered calls that are among `ok`.
    pub(crate) own_recovered: u64,
    /// Calls that have started and not ended.
    pub in_flight: u64,
    /// Time that the finished calls spent at work: the polls of a future, a sync call as a
    /// whole.
    pub busy: Duration,
    /// CPU time of the finished calls, in the threads that they ran in; `None` where the
    /// system does not tell, or before the first call ended.
    pub cpu_time: Option<Duration>,
    /// Whether the CPU time was measured on a part of the calls only, since measuring costs
    /// more than 2 % of so short ones, and is in proportion to that.
    pub cpu_is_estimate: bool,
    /// When a call last succeeded.
    pub last_success: Option<SystemTime>,
    /// The last error or panic.
    pub last_error: Option<LastError>,
    /// Wall time of the finished calls.
    pub duration: HistogramSnapshot,
}

/// What went wrong last.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LastError {
    /// When.
    pub at: SystemTime,
    /// Its text, masked as in the log.
    pub error: String,
}

impl CallStats {
    /// Finished calls.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.ok + self.error + self.panic + self.timeout + self.cancelled
    }

    /// Whether there was a call, or is one under way.
    pub(crate) fn was_called(&self) -> bool {
        self.calls() + self.in_flight > 0
    }

    /// Calls that failed: with an error, a panic, or because their time was over.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.error + self.panic + self.timeout
    }

    /// Calls that succeeded without a retry.
    #[must_use]
    pub fn first_try(&self) -> u64 {
        self.ok.saturating_sub(self.own_recovered)
    }

    /// How often a body ran: the finished calls, and what their loops ran again.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.calls().saturating_add(self.retries_in_calls)
    }

    /// The share of finished calls that failed, from 0 to 1; 0 before the first.
    #[must_use]
    pub fn error_rate(&self) -> f64 {
        if self.calls() == 0 {
            return 0.0;
        }
        self.errors() as f64 / self.calls() as f64
    }

    /// Records for each second of wall time spent in the calls; `None` where
    /// nothing was measured.
    #[must_use]
    pub fn records_per_second(&self) -> Option<f64> {
        let seconds = self.duration.total().as_secs_f64();
        (self.records > 0 && seconds > 0.0).then(|| self.records as f64 / seconds)
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.ok = self.ok.saturating_add(other.ok);
        self.error = self.error.saturating_add(other.error);
        self.panic = self.panic.saturating_add(other.panic);
        self.cancelled = self.cancelled.saturating_add(other.cancelled);
        self.records = self.records.saturating_add(other.records);
        self.records_in = self.records_in.saturating_add(other.records_in);
        self.records_rejected = self.records_rejected.saturating_add(other.records_rejected);
        self.records_unaccounted =
            (self.records_unaccounted).saturating_add(other.records_unaccounted);
        self.retries = self.retries.saturating_add(other.retries);
        self.retry_wait = self.retry_wait.saturating_add(other.retry_wait);
        for (sum, other) in [
            (&mut self.timeout, other.timeout),
            (&mut self.recovered, other.recovered),
            (&mut self.gave_up, other.gave_up),
            (&mut self.not_retryable, other.not_retryable),
            (&mut self.out_of_budget, other.out_of_budget),
            (&mut self.retries_in_calls, other.retries_in_calls),
            (&mut self.own_recovered, other.own_recovered),
        ] {
            *sum = sum.saturating_add(other);
        }
        self.in_flight = self.in_flight.saturating_add(other.in_flight);
        self.busy = self.busy.saturating_add(other.busy);
        self.cpu_time = match (self.cpu_time, other.cpu_time) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (a, b) => a.or(b),
        };
        self.cpu_is_estimate |= other.cpu_is_estimate;
        self.last_success = self.last_success.max(other.last_success);
        if let Some(error) = &other.last_error
            && self
                .last_error
                .as_ref()
                .is_none_or(|last| last.at < error.at)
        {
            self.last_error = Some(error.clone());
        }
        self.duration.merge(&other.duration);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_accounts_for_the_records_that_it_was_given() {
        let mut stage = StageSnapshot {
            stage: "NBA-18".to_owned(),
            totals: CallStats::default(),
            functions: Vec::new(),
            progress: None,
        };
        assert_eq!(stage.records_account(), None);
        stage.totals.records_in = 5_228;
        stage.totals.records = 5_190;
        stage.totals.records_rejected = 38;
        let account = "NBA-18 received 5,228, passed 5,190, rejected 38, 0 unaccounted for";
        assert_eq!(stage.records_account().as_deref(), Some(account));
        stage.totals.records_unaccounted = -2;
        let account = stage.records_account().unwrap_or_default();
        assert!(account.ends_with("-2 unaccounted for"), "{account}");
    }
}
