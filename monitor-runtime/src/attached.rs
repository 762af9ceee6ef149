//! What a monitor attaches for the time of a run: the log, alerts, the run itself.

use std::fmt;
use std::sync::Arc;

use crate::desk::AlertDesk;
use crate::history::History;
use crate::logs::log::Log;
use crate::paths::Paths;
use crate::run::RunInfo;

/// The sinks of a run.
pub(crate) struct Attached {
    pub(crate) run: RunInfo,
    pub(crate) log: Arc<Log>,
    pub(crate) history: Arc<History>,
    pub(crate) desk: AlertDesk,
    pub(crate) paths: Paths,
}

impl fmt::Debug for Attached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attached")
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}
