//! What a monitor attaches for the time of a run: the log, alerts, the run itself.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use monitor_config::Stage;

use crate::alerts::Settings;
use crate::desk::AlertDesk;
use crate::history::History;
use crate::logs::log::Log;
use crate::paths::Paths;
use crate::run::RunInfo;
use crate::runs::Runs;

/// The sinks of a run.
pub(crate) struct Attached {
    pub(crate) run: RunInfo,
    pub(crate) log: Arc<Log>,
    pub(crate) history: Arc<History>,
    pub(crate) desk: AlertDesk,
    /// Which channels are on.
    pub(crate) alerts: Settings,
    pub(crate) paths: Paths,
    pub(crate) runs: Runs,
    /// What monitor.toml says of the stages.
    pub(crate) stages: BTreeMap<String, Stage>,
}

impl fmt::Debug for Attached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attached")
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}

/// Where a core has its [`Attached`], if a monitor runs.
#[derive(Debug)]
pub(crate) struct Slot {
    /// Tells one attachment from all others of the process; zero while there is none.
    number: AtomicU64,
    attached: RwLock<Option<Arc<Attached>>>,
}

/// How many attachments there were.
static ATTACHMENTS: AtomicU64 = AtomicU64::new(0);

type Seen = Option<(u64, Arc<Attached>)>;

thread_local! {
    /// What this thread saw last, so that a line takes no lock and counts no reference. A
    /// thread that logs no more keeps it until it ends.
    static SEEN: Cell<Seen> = const { Cell::new(None) };
}

impl Slot {
    pub(crate) const fn empty() -> Self {
        Self {
            number: AtomicU64::new(0),
            attached: RwLock::new(None),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.number() == 0
    }

    /// Tells this attachment from all others of the process; zero while there is none.
    #[inline]
    pub(crate) fn number(&self) -> u64 {
        self.number.load(Ordering::Relaxed)
    }

    pub(crate) fn get(&self) -> Option<Arc<Attached>> {
        if self.is_empty() {
            return None;
        }
        self.attached
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The same without a lock, where this thread has been here before.
    #[inline]
    pub(crate) fn with<R>(&self, act: impl FnOnce(&Arc<Attached>) -> R) -> Option<R> {
        let number = self.number.load(Ordering::Acquire);
        if number == 0 {
            return None;
        }
        // Taken out: what is done with it may log by itself.
        let seen = SEEN.try_with(Cell::take).ok().flatten();
        let attached = match seen {
            Some((seen, attached)) if seen == number => attached,
            _ => self.get()?,
        };
        let result = act(&attached);
        let _ = SEEN.try_with(|seen| seen.set(Some((number, attached))));
        Some(result)
    }

    /// Attaches, unless something is attached already.
    pub(crate) fn fill(&self, attached: Arc<Attached>) -> bool {
        let mut slot = self
            .attached
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if slot.is_some() {
            return false;
        }
        *slot = Some(attached);
        let number = ATTACHMENTS.fetch_add(1, Ordering::Relaxed) + 1;
        self.number.store(number, Ordering::Release);
        true
    }

    pub(crate) fn clear(&self) {
        self.number.store(0, Ordering::Release);
        let _ = SEEN.try_with(Cell::take);
        let mut slot = self
            .attached
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *slot = None;
    }
}
