//! The page as it is now, made once for all who look at it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::attached::Attached;
use crate::core::CoreRef;
use crate::monitor::RunEnd;
use crate::report::{LOOKED_AT, Rendered};
use crate::runs::PastRun;

/// How old a page may be.
const FRESH: Duration = Duration::from_millis(900);
/// Of the time of one core, the page takes at most one part in so many.
const SHARE: u32 = 20;

/// The run that is shown.
pub(super) struct Live {
    core: CoreRef,
    attached: Arc<Attached>,
    /// The runs that have ended: they change no more.
    past: Vec<PastRun>,
    last: Mutex<Option<(Instant, Duration, Arc<Rendered>)>>,
    /// How the run ended.
    end: OnceLock<RunEnd>,
}

impl Live {
    pub(super) fn new(core: CoreRef, attached: Arc<Attached>) -> Self {
        Self {
            past: attached.runs.past(&attached.run, LOOKED_AT),
            core,
            attached,
            last: Mutex::default(),
            end: OnceLock::new(),
        }
    }

    /// The run ends: the next page is the last.
    pub(super) fn end(&self, end: &RunEnd) {
        if self.end.set(end.clone()).is_ok() {
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    /// Where the report of the run is.
    pub(super) fn report(&self) -> String {
        self.attached.paths.report().display().to_string()
    }

    /// The page, made anew where the last one is too old. Who comes meanwhile waits for it.
    pub(super) fn page(&self) -> Arc<Rendered> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((made, took, page)) = &*last
            && made.elapsed() < FRESH.max(*took * SHARE)
        {
            return Arc::clone(page);
        }
        let started = Instant::now();
        let past = self.past.clone();
        let page = Rendered::of(&self.core, &self.attached, self.end.get(), past);
        let page = Arc::new(page);
        *last = Some((Instant::now(), started.elapsed(), Arc::clone(&page)));
        page
    }
}
