//! The log of a run from its settings, and of processes that fork off from it.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use monitor_config::{LogConsole, LogMode};
use tracing_subscriber::filter::Targets;

use super::console::Console;
use super::file::LogFile;
use super::log::Log;
use super::settings::LogSettings;
use crate::ids;
use crate::metrics::sampler::Sampler;

/// What a log is made of.
pub(crate) struct Start {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) settings: LogSettings,
    pub(crate) filter: Targets,
}

/// Where the console's lines go.
pub(crate) enum Out {
    /// Standard error, by this writer.
    Stderr(Box<dyn io::Write + Send>),
    Other(Box<dyn io::Write + Send>),
}

impl Start {
    /// Opens the log of a run.
    pub(crate) fn open(self, run_id: &str, out: Out) -> io::Result<Log> {
        let sink = LogFile::open(&self.path, self.settings.rotation)?;
        let (filter, form) = (self.filter.clone(), self.settings.console);
        let json = form == LogConsole::Json;
        let console = match out {
            _ if form == LogConsole::Off => Console::silent(filter),
            Out::Other(out) => Console::to(out, filter, json),
            Out::Stderr(out) => Console::stderr(out, filter, json),
        };
        let log = Log::new(
            &self.name,
            run_id,
            &self.settings,
            Box::new(sink),
            Some(console),
        );
        let start = Arc::new(self);
        Ok(log.with_fork(Box::new(move || start.fork())))
    }

    /// The log of a process that has forked off: a run of its own in the same file, each
    /// line at once, since no thread of ours came along. It shows nothing.
    fn fork(self: &Arc<Self>) -> Log {
        let id = format!("{:032x}", ids::run_id(SystemTime::now()));
        let settings = LogSettings {
            mode: LogMode::Direct,
            ..self.settings.clone()
        };
        let sink = LogFile::at(&self.path, self.settings.rotation);
        let log = Log::new(&self.name, &id, &settings, Box::new(sink), None);
        let start = Arc::clone(self);
        log.with_fork(Box::new(move || start.fork()))
    }
}

/// How long a line waits to be written with others.
const BATCHED: Duration = Duration::from_millis(50);

/// The thread that writes what was collected, and has the disk take it; where the settings
/// ask for one.
pub(crate) fn keeper(log: &Arc<Log>, settings: &LogSettings) -> Option<Sampler> {
    let is_direct = settings.mode == LogMode::Direct;
    let sync_every = settings.sync_every;
    if is_direct && sync_every.is_none() {
        return None;
    }
    let batched = if is_direct { Duration::MAX } else { BATCHED };
    let period = sync_every.unwrap_or(Duration::MAX).min(batched);
    let log = Arc::clone(log);
    let mut synced = Instant::now();
    let keep = move || {
        log.tick();
        if sync_every.is_some_and(|every| synced.elapsed() >= every) {
            synced = Instant::now();
            // The log tells of it.
            let _ = log.sync();
        }
    };
    let period = period.max(Duration::from_millis(1));
    Sampler::start("monitor-log", period, period, keep).ok()
}
