//! The records of runs, `logs/runs/<run id>.json`: one that is open and whose lock nobody
//! holds is that of a run that died.
//!
//! | module | concept |
//! |---|---|
//! | `lock` | who holds it runs |
//! | `record` | what stands in a record |
//! | `by_hand` | what was measured by hand |
//! | `successes` | when each stage last succeeded, also in earlier runs |
//! | `past` | what this run is compared with |
//! | `folder` | what lies in the folder, and what of it is removed |
//! | `last_words` | what the log tells of a run that died |
//! | `died` | closing its record, and telling of it |

mod by_hand;
mod died;
mod folder;
mod last_words;
mod lock;
mod past;
mod record;
mod successes;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::process;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::SystemTime;

use monitor_config::{Condition, Severity};

use self::folder::{Earlier, lock_path, record_path};
pub(crate) use self::last_words::log_end;
use self::lock::RunLock;
pub(crate) use self::past::{PastRun, PastStage};
pub(crate) use self::record::Members;
pub(crate) use self::successes::Moments;
use self::successes::Successes;
use crate::attached::Attached;
use crate::core::Core;
use crate::details::Usual;
use crate::metrics::snapshot::Snapshot;
use crate::monitor::RunEnd;
use crate::replace::replace;
use crate::run::RunInfo;

/// How many records are kept unless said otherwise.
pub(crate) const KEPT: u64 = 50;

/// The record of this run, among those of others.
#[derive(Debug)]
pub(crate) struct Runs {
    /// Empty for a run that writes no files.
    folder: PathBuf,
    keep: usize,
    state: Mutex<State>,
    /// What the stages were like in the last run that called them.
    usual: OnceLock<BTreeMap<String, Usual>>,
}

#[derive(Debug, Default)]
struct State {
    lock: Option<RunLock>,
    successes: Successes,
    earlier: Earlier,
    /// The record is closed: what a thread of the program still saves must not open it.
    ended: bool,
}

impl Runs {
    pub(crate) fn in_folder(folder: PathBuf, keep: u64) -> Self {
        Self {
            folder,
            keep: usize::try_from(keep).unwrap_or(usize::MAX).max(1),
            state: Mutex::default(),
            usual: OnceLock::new(),
        }
    }

    /// For a run that writes no files.
    pub(crate) fn nowhere() -> Self {
        Self::in_folder(PathBuf::new(), KEPT)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this process may write: one that has forked off has no record.
    fn is_ours(&self, attached: &Attached) -> bool {
        !self.folder.as_os_str().is_empty() && process::id() == attached.run.pid
    }

    /// Reads what earlier runs left, then opens the record of this one. Tells since when each
    /// stage had gone without a success by then.
    pub(crate) fn begin(&self, core: &Core, attached: &Attached) -> (Moments, io::Result<()>) {
        if !self.is_ours(attached) {
            return (Moments::new(), Ok(()));
        }
        let earlier = Earlier::read(&self.folder, SystemTime::now());
        let without_success = earlier.known.without_success();
        let _ = self.usual.set(earlier.usual());
        let snapshot = core.snapshot();
        {
            let declared = attached.stages.iter();
            let awaited = declared.filter(|(_, stage)| stage.limits.stale_after.is_some());
            let known = earlier.known.clone();
            let mut state = self.state();
            state.successes = Successes::new(known, &snapshot, awaited.map(|(id, _)| id));
            state.earlier = earlier;
        }
        let written = self.save(core, attached, &snapshot, None);
        (without_success, written)
    }

    /// What a stage was like in earlier runs.
    pub(crate) fn usual(&self, stage: &str) -> Usual {
        let usual = self.usual.get().and_then(|usual| usual.get(stage));
        usual.copied().unwrap_or_default()
    }

    /// Whether the run goes on in some process; also where that cannot be known.
    pub(crate) fn is_living(&self, run: &str) -> bool {
        let path = lock_path(&self.folder, run);
        let is_over = |lock: io::Result<Option<RunLock>>| matches!(lock, Ok(Some(_)));
        path.exists() && !is_over(RunLock::take(&path))
    }

    /// Closes the records of runs that died and removes what is kept no longer. Of several
    /// processes that do this at the same moment, the one that takes the dead run's lock tells.
    pub(crate) fn look_back(&self, attached: &Attached) {
        if !self.is_ours(attached) {
            return;
        }
        let earlier = std::mem::take(&mut self.state().earlier);
        let mut closed = earlier.closed.clone();
        for run in &earlier.open {
            let Ok(Some(lock)) = RunLock::take(&lock_path(&self.folder, run)) else {
                continue;
            };
            if died::close(&self.folder, run, &earlier, attached).is_ok() {
                closed.push(run.clone());
                lock.remove();
            }
        }
        closed.sort_unstable();
        let others = 1 + earlier.open.len() + earlier.closed.len() - closed.len();
        folder::prune(&self.folder, &closed, others, self.keep);
        let folders = [attached.paths.folder(), &self.folder];
        folder::clean(&self.folder, folders, SystemTime::now());
    }

    /// Replaces the record, and closes it with `end`.
    pub(crate) fn save(
        &self,
        core: &Core,
        attached: &Attached,
        snapshot: &Snapshot,
        end: Option<&RunEnd>,
    ) -> io::Result<()> {
        if !self.is_ours(attached) {
            return Ok(());
        }
        let mut state = self.state();
        if state.ended {
            return Ok(());
        }
        state.successes.see(snapshot);
        let run = attached.run.id_text();
        let members = record::members(&record::Contents {
            run: &attached.run,
            duration: attached.run.started.elapsed(),
            snapshot,
            lines: attached.log.counts().0,
            points: &core.points.get(),
            alerts: alerts(core, attached),
            known: state.successes.known(),
            end,
        });
        // Without it the record would look like that of a run that died.
        self.hold_lock(&mut state, &run)?;
        let path = record_path(&self.folder, &run);
        replace(&path, &attached.run.writer(), &record::text(&members))?;
        if end.is_some() {
            state.ended = true;
            if let Some(lock) = state.lock.take() {
                lock.remove();
            }
        }
        Ok(())
    }

    /// The last runs of this pipeline that have ended, the latest first.
    pub(crate) fn past(&self, run: &RunInfo, most: usize) -> Vec<PastRun> {
        if self.folder.as_os_str().is_empty() {
            return Vec::new();
        }
        past::read(&self.folder, &run.name, &run.id_text(), most)
    }

    /// Takes the lock, and takes it anew where somebody has removed its file.
    fn hold_lock(&self, state: &mut State, run: &str) -> io::Result<()> {
        if state.lock.as_ref().is_some_and(RunLock::is_in_place) {
            return Ok(());
        }
        std::fs::create_dir_all(&self.folder)?;
        let taken = match RunLock::take(&lock_path(&self.folder, run)) {
            // Where there are no locks, nobody takes the run for one that died.
            Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(()),
            taken => taken?,
        };
        let held = || io::Error::new(io::ErrorKind::WouldBlock, "its lock is held by another");
        state.lock = Some(taken.ok_or_else(held)?);
        Ok(())
    }
}

/// What a failure of each stage raises, as the rules say of its functions that were called so
/// far. A rule that waits for several failures says nothing of one.
fn alerts(core: &Core, attached: &Attached) -> BTreeMap<&'static str, Severity> {
    let mut alerts = BTreeMap::new();
    for site in core.registry.sites() {
        let of_failure = [Condition::Failure, Condition::Panic];
        let rules = attached.rules_of(site, true);
        let asked = rules.filter(|rule| of_failure.contains(&rule.on) && rule.after == 1);
        if let Some(severity) = asked.map(|rule| rule.severity).max() {
            let alert = alerts.entry(site.declaration().stage).or_insert(severity);
            *alert = severity.max(*alert);
        }
    }
    alerts
}
