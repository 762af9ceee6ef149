//! What a monitor attaches for the time of a run: the log, alerts, the run itself.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use monitor_config::Stage;

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
