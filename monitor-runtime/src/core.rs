//! Where everything comes together: the counts, and what a monitor has attached.
//!
//! There is one core for the process. It counts from the first call on; a
//! [`Monitor`](crate::Monitor) attaches a log, alerts and a run to it and takes them
//! off again. A test can put a core of its own in front, for its thread alone.

use std::cell::RefCell;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::attached::Slot;
use crate::in_progress::InProgress;
use crate::metrics::points::Points;
use crate::metrics::process::ProcessSnapshot;
use crate::metrics::registry::Registry;
use crate::metrics::snapshot::Snapshot;
use crate::retry::budgets::Budgets;
use crate::retry::jitter::Jitter;

/// Counts, and what a monitor attached.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) registry: Registry,
    pub(crate) points: Points,
    /// Calls that tell how far they are.
    pub(crate) in_progress: InProgress,
    pub(crate) attached: Slot,
    /// A monitor came and went without having seen a call.
    pub(crate) left_unused: AtomicBool,
    /// The waits that were asked for, in a core that skips them.
    skipped_waits: Option<Mutex<Vec<Duration>>>,
    /// The most attempts that any loop makes; zero for no such limit.
    attempt_cap: AtomicU32,
    pub(crate) jitter: Jitter,
    pub(crate) budgets: Budgets,
}

impl Core {
    fn new(process_wide: bool, skip_waits: bool, jitter: Jitter) -> Self {
        Self {
            registry: Registry::new(process_wide),
            points: Points::default(),
            in_progress: InProgress::default(),
            attached: Slot::empty(),
            left_unused: AtomicBool::new(false),
            skipped_waits: skip_waits.then(Mutex::default),
            attempt_cap: AtomicU32::new(0),
            jitter,
            budgets: Budgets::default(),
        }
    }

    /// A core for one test.
    pub(crate) fn for_test(skip_waits: bool) -> Arc<Self> {
        Arc::new(Self::new(false, skip_waits, Jitter::seeded(0)))
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let mut stages = self.registry.snapshot();
        for (id, progress) in self.progress() {
            if let Some(stage) = stages.iter_mut().find(|stage| stage.stage == id) {
                stage.progress = Some(progress);
            }
        }
        Snapshot {
            taken_at: SystemTime::now(),
            stages,
            process: ProcessSnapshot::take(),
        }
    }

    /// Notes the wait in place of waiting, where waits are skipped.
    pub(crate) fn skip_wait(&self, wait: Duration) -> bool {
        let Some(waits) = &self.skipped_waits else {
            return false;
        };
        waits
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(wait);
        true
    }

    pub(crate) fn skipped_waits(&self) -> Vec<Duration> {
        self.skipped_waits
            .as_ref()
            .map(|waits| waits.lock().unwrap_or_else(PoisonError::into_inner).clone())
            .unwrap_or_default()
    }

    /// How long all waits that were skipped would have been.
    pub(crate) fn skipped_time(&self) -> Option<Duration> {
        let waits = self.skipped_waits.as_ref()?;
        let waits = waits.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = |sum: Duration, wait: &Duration| sum.saturating_add(*wait);
        Some(waits.iter().fold(Duration::ZERO, sum))
    }

    /// The most attempts that any loop makes, where there is such a limit.
    pub(crate) fn attempt_cap(&self) -> Option<u32> {
        let cap = self.attempt_cap.load(Ordering::Relaxed);
        (cap > 0).then_some(cap)
    }

    pub(crate) fn cap_attempts(&self, cap: u32) {
        self.attempt_cap.store(cap, Ordering::Relaxed);
    }
}

static PROCESS: LazyLock<Core> = LazyLock::new(|| Core::new(true, false, Jitter::random()));

/// The core of the process.
pub(crate) fn process() -> &'static Core {
    &PROCESS
}

/// How many threads have a core of their own: while it is none, nobody looks.
static SCOPES: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static SCOPED: RefCell<Vec<Arc<Core>>> = const { RefCell::new(Vec::new()) };
}

/// The core that counts here.
#[derive(Clone, Debug)]
pub(crate) enum CoreRef {
    /// That of the process.
    Process,
    /// That of a test.
    Scoped(Arc<Core>),
}

impl CoreRef {
    /// Whether no thread has a core of its own.
    #[inline]
    pub(crate) fn is_process() -> bool {
        SCOPES.load(Ordering::Relaxed) == 0
    }

    #[inline]
    pub(crate) fn current() -> Self {
        if Self::is_process() {
            return Self::Process;
        }
        SCOPED
            .try_with(|cores| cores.borrow().last().cloned())
            .ok()
            .flatten()
            .map_or(Self::Process, Self::Scoped)
    }
}

impl Deref for CoreRef {
    type Target = Core;

    #[inline]
    fn deref(&self) -> &Core {
        match self {
            Self::Process => &PROCESS,
            Self::Scoped(core) => core,
        }
    }
}

impl CoreRef {
    /// Puts a scoped core in front for as long as the guard lives, in whatever thread:
    /// a future that is captured may be polled elsewhere.
    pub(crate) fn scope(&self) -> Option<Scope> {
        match self {
            Self::Process => None,
            Self::Scoped(core) => Some(Scope::enter(Arc::clone(core))),
        }
    }
}

/// A core in front of all others for the current thread, until this is dropped.
#[derive(Debug)]
pub(crate) struct Scope(Arc<Core>);

impl Scope {
    pub(crate) fn enter(core: Arc<Core>) -> Self {
        SCOPES.fetch_add(1, Ordering::Relaxed);
        let _ = SCOPED.try_with(|cores| cores.borrow_mut().push(Arc::clone(&core)));
        Self(core)
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        let _ = SCOPED.try_with(|cores| {
            let mut cores = cores.borrow_mut();
            if let Some(index) = cores.iter().rposition(|other| Arc::ptr_eq(other, &self.0)) {
                cores.remove(index);
            }
        });
        SCOPES.fetch_sub(1, Ordering::Relaxed);
    }
}
