//! How the log of a run is written.

use std::time::Duration;

use monitor_config::{Log, LogConsole, LogMode};

use super::file::Rotation;
use super::line;

/// What is in force: the builder's word comes before monitor.toml's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogSettings {
    pub(crate) mode: LogMode,
    pub(crate) sync_every: Option<Duration>,
    pub(crate) rotation: Option<Rotation>,
    pub(crate) longest_line: usize,
    pub(crate) console: LogConsole,
}

/// How many full files are kept unless said otherwise.
const KEPT: u64 = 10;

impl LogSettings {
    pub(crate) fn of(builder: &Log, file: &Log) -> Self {
        let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let keep = builder.keep.or(file.keep).unwrap_or(KEPT);
        let longest = builder.longest_line.or(file.longest_line);
        Self {
            mode: builder.mode.or(file.mode).unwrap_or_default(),
            sync_every: builder.sync_every.or(file.sync_every),
            rotation: builder.rotate_at.or(file.rotate_at).map(|at| Rotation {
                at,
                keep: number(keep),
            }),
            longest_line: longest.map_or(line::LONGEST, number),
            console: builder.console.or(file.console).unwrap_or_default(),
        }
    }
}

impl Default for LogSettings {
    fn default() -> Self {
        Self::of(&Log::default(), &Log::default())
    }
}
