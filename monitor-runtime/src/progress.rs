//! How far a call is that knows how many records it is to handle.

use std::cell::RefCell;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use crate::clock::Tick;
use crate::core::{Core, CoreRef};
use crate::metrics::stage_progress::StageProgress;
use crate::records::RecordCount;
use crate::site::Site;

/// The total of a call that is still to tell it.
pub(crate) const NOT_YET_KNOWN: u64 = u64::MAX;

/// What is known of a call with `records_total`.
#[derive(Debug)]
pub(crate) struct Tracked {
    stage: &'static str,
    /// The address of the core that counts it.
    core: usize,
    started: Tick,
    /// The one that it began in.
    outer: Option<Arc<Self>>,
    /// Its place among those under way.
    pub(crate) place: AtomicUsize,
    pub(crate) has_ended: AtomicBool,
    pub(crate) done: AtomicU64,
    total: AtomicU64,
}

impl Tracked {
    fn new(core: &Core, stage: &'static str, total: u64) -> Self {
        Self {
            stage,
            core: ptr::from_ref(core).addr(),
            started: Tick::now(),
            outer: progress().0,
            place: AtomicUsize::new(usize::MAX),
            has_ended: AtomicBool::new(false),
            done: AtomicU64::new(0),
            total: AtomicU64::new(total),
        }
    }

    #[cfg(test)]
    pub(crate) fn for_test() -> Self {
        Self::new(crate::core::process(), "NBA-17", 0)
    }

    /// Whether a call of the same stage around it counts the same records.
    fn is_inner(&self) -> bool {
        let mut outer = self.outer.as_ref();
        while let Some(around) = outer {
            let is_of_stage = around.stage == self.stage && around.core == self.core;
            if is_of_stage && !around.has_ended.load(Ordering::Relaxed) {
                return true;
            }
            outer = around.outer.as_ref();
        }
        false
    }
}

/// How many records a call with `records_total` has handled: see [`progress`].
///
/// A copy tells of the same call, also from another thread. After the end of the call it does
/// nothing.
#[derive(Clone, Debug, Default)]
pub struct Progress(Option<Arc<Tracked>>);

impl Progress {
    /// So many records more are handled; any integer.
    pub fn add(&self, records: impl RecordCount) {
        if let Some(tracked) = &self.0 {
            tracked.done.fetch_add(records.count(), Ordering::Relaxed);
        }
    }

    /// So many records are handled in all, as when another attempt begins with the first again.
    pub fn set(&self, records: impl RecordCount) {
        if let Some(tracked) = &self.0 {
            tracked.done.store(records.count(), Ordering::Relaxed);
        }
    }

    /// So many records there are to handle, where that is known only by now.
    pub fn set_total(&self, records: impl RecordCount) {
        if let Some(tracked) = &self.0 {
            let total = records.count().min(NOT_YET_KNOWN - 1);
            tracked.total.store(total, Ordering::Relaxed);
        }
    }
}

thread_local! {
    /// Of the innermost call with `records_total`.
    static CURRENT: RefCell<Option<Arc<Tracked>>> = const { RefCell::new(None) };
}

/// How far the call is that the current code is in: the innermost one around it whose attribute
/// has `records_total`. Outside of such a call it does nothing, so that a function may tell its
/// progress whoever calls it. A thread or a task of its own is outside: give it a copy. Where the
/// attempts of `#[retry]` are one call, each begins with `progress().set(0)`.
///
/// The live page shows it with the time that is left; with the feature `progress`, so does a
/// bar on a terminal; [`StageSnapshot::progress`](crate::StageSnapshot::progress) has the
/// numbers.
///
/// ```
/// use monitor_runtime::{monitored, progress};
///
/// #[monitored(stage = "NBA-19", records_total = players.len())]
/// fn load(players: &[&str]) {
///     for player in players {
///         // write it
///         # let _ = player;
///         progress().add(1);
///     }
/// }
///
/// // The first page tells how many there are.
/// #[monitored(stage = "NBA-17", records_total)]
/// fn ingest(pages: &[Vec<&str>]) {
///     let progress = progress();
///     progress.set_total(pages.iter().map(Vec::len).sum::<usize>());
///     std::thread::scope(|scope| {
///         for page in pages {
///             scope.spawn(|| progress.add(page.len()));
///         }
///     });
/// }
/// # load(&["a", "b"]);
/// # ingest(&[vec!["a"], vec!["b"]]);
/// ```
#[must_use]
pub fn progress() -> Progress {
    Progress(change_current(|current| current.clone()))
}

fn change_current(
    change: impl FnOnce(&mut Option<Arc<Tracked>>) -> Option<Arc<Tracked>>,
) -> Option<Arc<Tracked>> {
    let changed = CURRENT.try_with(|current| change(&mut current.borrow_mut()));
    changed.ok().flatten()
}

/// The progress of a call, from its start to its end.
#[derive(Debug)]
pub(crate) struct InCall {
    core: CoreRef,
    tracked: Arc<Tracked>,
    /// That of the call around it, while the call has the thread.
    around: Option<Arc<Tracked>>,
}

impl InCall {
    pub(crate) fn begin(core: &CoreRef, site: &'static Site, total: u64) -> Self {
        let tracked = Arc::new(Tracked::new(core, site.declaration().stage, total));
        core.in_progress.join(&tracked);
        Self {
            core: core.clone(),
            tracked,
            around: None,
        }
    }

    /// The call takes the thread.
    pub(crate) fn enter(&mut self) {
        let own = Some(Arc::clone(&self.tracked));
        self.around = change_current(|current| std::mem::replace(current, own));
    }

    /// It gives the thread back.
    pub(crate) fn leave(&mut self) {
        let around = self.around.take();
        change_current(|current| std::mem::replace(current, around));
    }
}

impl Drop for InCall {
    fn drop(&mut self) {
        self.core.in_progress.leave(&self.tracked);
    }
}

impl Core {
    /// How far the calls are that are under way and know it: those of each stage together.
    pub(crate) fn progress(&self) -> Vec<(&'static str, StageProgress)> {
        let mut stages: Vec<(&'static str, StageProgress)> = Vec::new();
        let now = Tick::now();
        self.in_progress.read(|tracked| {
            if tracked.is_inner() {
                return;
            }
            let total = tracked.total.load(Ordering::Relaxed);
            let one = StageProgress {
                done: tracked.done.load(Ordering::Relaxed),
                total: (total != NOT_YET_KNOWN).then_some(total),
                elapsed: now.since(tracked.started),
            };
            match stages.iter_mut().find(|(known, _)| *known == tracked.stage) {
                Some((_, sum)) => sum.add(&one),
                None => stages.push((tracked.stage, one)),
            }
        });
        stages
    }
}
