//! What the page tells, whether the run goes on, has ended, or died.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use monitor_config::{Severity, Stage};

use super::tail::{self, TailLine};
use super::usual::{self, Compared};
use crate::attached::Attached;
use crate::core::Core;
use crate::course::series::Series;
use crate::course::spans::Spans;
use crate::failure::ErrorText;
use crate::history::{AlertEntry, ErrorEntry};
use crate::logs::timestamp::Timestamp;
use crate::metrics::points::Point;
use crate::metrics::snapshot::{Snapshot, StageSnapshot};
use crate::monitor::RunEnd;
use crate::runs::PastRun;

/// How a run is.
#[derive(Clone, Debug)]
pub(crate) enum State {
    Running,
    Ok,
    Failed(ErrorText),
    Panicked(ErrorText),
    Died(String),
}

impl State {
    pub(crate) fn of(end: Option<&RunEnd>) -> Self {
        match end {
            None => Self::Running,
            Some(RunEnd::Ok) => Self::Ok,
            Some(RunEnd::Failed(text)) => Self::Failed(text.clone()),
            Some(RunEnd::Panicked(text)) => Self::Panicked(text.clone()),
        }
    }

    fn signs(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Running => ("▶", "running", "running"),
            Self::Ok => ("✔", "finished", "ok"),
            Self::Failed(_) => ("✖", "failed", "failed"),
            Self::Panicked(_) => ("✖", "panicked", "failed"),
            Self::Died(_) => ("✖", "died", "failed"),
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        !matches!(self, Self::Running)
    }
}

/// Which run it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identity {
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    pub(crate) host: String,
    pub(crate) pid: u32,
    pub(crate) run: String,
    pub(crate) started_at: String,
    pub(crate) log: String,
    pub(crate) metrics: String,
}

/// The content of the page.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) state: State,
    pub(crate) identity: Identity,
    pub(crate) duration: Duration,
    pub(crate) snapshot: Snapshot,
    pub(crate) series: Series,
    pub(crate) spans: Spans,
    /// The latest first, as alerts.
    pub(crate) errors: Vec<ErrorEntry>,
    pub(crate) alerts: Vec<AlertEntry>,
    pub(crate) points: Vec<Point>,
    /// The oldest first.
    pub(crate) lines: Vec<TailLine>,
    pub(crate) lost: u64,
    /// The latest first.
    pub(crate) past: Vec<PastRun>,
    pub(crate) compared: Vec<Compared>,
    /// Stages that should have been called, of a run that ended well.
    pub(crate) missing: Vec<(String, u64)>,
    /// What monitor.toml says of the stages.
    pub(crate) stages: BTreeMap<String, Stage>,
}

/// How many stages that were not called have rows in a report, whatever earlier runs did.
const IDLE: usize = 20;

/// A stage that is declared and was not called is worth a row: it may have been left out. But a
/// program can have many that each run calls few of.
fn leave_out_idle(snapshot: &mut Snapshot, past: &[PastRun]) {
    let is_idle = |stage: &&StageSnapshot| !stage.totals.was_called();
    if snapshot.stages.iter().filter(is_idle).count() > IDLE {
        let stages = past.iter().flat_map(|run| &run.stages);
        let known: HashSet<&str> = stages
            .filter(|stage| stage.calls > 0)
            .map(|stage| &*stage.stage)
            .collect();
        snapshot
            .stages
            .retain(|stage| stage.totals.was_called() || known.contains(&*stage.stage));
    }
}

/// What a run that failed has not come to is not missed.
pub(super) fn missing(state: &State, snapshot: &Snapshot, past: &[PastRun]) -> Vec<(String, u64)> {
    match state {
        State::Ok => usual::missing(snapshot, past),
        _ => Vec::new(),
    }
}

impl View {
    /// Icon, words and class of how the run is.
    pub(crate) fn signs(&self) -> (&'static str, &'static str, &'static str) {
        match self.state {
            // The program was content; who looks should know all the same.
            State::Ok if self.failed_calls() > 0 => ("▲", "finished, with failed calls", "warned"),
            State::Ok if self.has_warnings() => ("▲", "finished, with warnings", "warned"),
            _ => self.state.signs(),
        }
    }

    fn has_warnings(&self) -> bool {
        let is_alert = |alert: &AlertEntry| alert.severity >= Severity::Warning && !alert.is_over;
        let is_lossy = |stage: &StageSnapshot| stage.totals.records_unaccounted != 0;
        self.alerts.iter().any(is_alert)
            || self.snapshot.stages.iter().any(is_lossy)
            || self.compared.iter().any(Compared::is_worse)
            || !self.missing.is_empty()
    }

    /// How many calls failed, in all stages.
    pub(crate) fn failed_calls(&self) -> u64 {
        let stages = self.snapshot.stages.iter();
        stages.map(|stage| stage.totals.errors()).sum()
    }

    /// Of the run that is attached.
    pub(crate) fn of(core: &Core, attached: &Attached, end: Option<&RunEnd>) -> Self {
        let past = attached.runs.past(&attached.run, usual::LOOKED_AT);
        Self::with_past(core, attached, end, past)
    }

    /// The same beside runs that were read before: they change no more.
    pub(crate) fn with_past(
        core: &Core,
        attached: &Attached,
        end: Option<&RunEnd>,
        past: Vec<PastRun>,
    ) -> Self {
        let run = &attached.run;
        let mut snapshot = core.snapshot();
        if end.is_some() {
            leave_out_idle(&mut snapshot, &past);
        }
        let duration = run.started.elapsed();
        let mut series = attached.history.series();
        series.add(duration, &snapshot);
        let state = State::of(end);
        Self {
            identity: Identity {
                name: run.name.clone(),
                version: run.version.clone(),
                host: run.host.clone(),
                pid: run.pid,
                run: run.id_text(),
                started_at: Timestamp::of(run.started_at).to_string(),
                log: attached.paths.log().display().to_string(),
                metrics: attached.paths.metrics().display().to_string(),
            },
            duration,
            series,
            spans: attached.history.spans(),
            errors: attached.history.errors(),
            alerts: attached.history.alerts(),
            points: core.points.get().0,
            lines: tail::read(attached.paths.log(), &run.id_text()),
            lost: attached.log.counts().0.lost,
            compared: usual::compare(&snapshot, &past, state.is_over()),
            missing: missing(&state, &snapshot, &past),
            past,
            stages: attached.stages.clone(),
            state,
            snapshot,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::metrics::process::ProcessSnapshot;
    use crate::metrics::snapshot::CallStats;
    use crate::runs::PastStage;

    fn snapshot(idle: usize) -> Snapshot {
        let stage = |id: String, ok: u64| StageSnapshot {
            stage: id,
            totals: CallStats {
                ok,
                ..CallStats::default()
            },
            functions: Vec::new(),
            progress: None,
        };
        let mut stages = vec![stage("called".to_owned(), 1)];
        stages.extend((0..idle).map(|number| stage(format!("idle-{number}"), 0)));
        Snapshot {
            taken_at: SystemTime::UNIX_EPOCH,
            stages,
            process: ProcessSnapshot::default(),
        }
    }

    #[test]
    fn of_many_stages_that_were_not_called_those_have_rows_that_earlier_runs_called() {
        let mut few = snapshot(IDLE);
        leave_out_idle(&mut few, &[]);
        assert_eq!(few.stages.len(), IDLE + 1);
        let mut many = snapshot(IDLE + 1);
        let run = PastRun {
            stages: vec![PastStage {
                stage: "idle-7".to_owned(),
                calls: 2,
                ..PastStage::default()
            }],
            ..PastRun::default()
        };
        leave_out_idle(&mut many, &[run]);
        let left: Vec<&str> = many.stages.iter().map(|stage| &*stage.stage).collect();
        assert_eq!(left, ["called", "idle-7"]);
    }
}
