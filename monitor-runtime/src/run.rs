//! One run of a program: who, when, where; and the run that `#[main]` starts.

use std::io::Write as _;
use std::process;
use std::time::{Instant, SystemTime};

use crate::clock::Tick;
use crate::config::Embedded;
use crate::failure::Outcome;
use crate::ids;
use crate::monitor::Monitor;

/// What identifies a run.
#[derive(Clone, Debug)]
pub(crate) struct RunInfo {
    pub(crate) id: u128,
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    pub(crate) host: String,
    pub(crate) pid: u32,
    pub(crate) started_at: SystemTime,
    pub(crate) started: Instant,
    /// The same by the clock of the calls.
    pub(crate) began: Tick,
}

impl RunInfo {
    pub(crate) fn new(name: String, version: Option<String>) -> Self {
        let started_at = SystemTime::now();
        Self {
            id: ids::run_id(started_at),
            name,
            version,
            host: host(),
            pid: process::id(),
            started_at,
            started: Instant::now(),
            began: Tick::now(),
        }
    }

    /// The id as 32 hex digits.
    pub(crate) fn id_text(&self) -> String {
        format!("{:032x}", self.id)
    }

    /// What tells whoever writes files for this run from all others: a process that has
    /// forked off has the run's id, too.
    pub(crate) fn writer(&self) -> String {
        format!("{:032x}-{}", self.id, process::id())
    }
}

/// The machine's name, as the kernel or the environment gives it.
fn host() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .or_else(|| std::env::var("HOSTNAME").ok())
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}

/// What `#[monitor_runtime::main]` knows of the program.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// The binary's name, where Cargo builds one.
    pub name: Option<&'static str>,
    /// The package's name.
    pub package: &'static str,
    /// The package's version.
    pub version: &'static str,
    /// monitor.toml.
    pub embedded: Option<Embedded>,
}

/// The run of a whole program.
#[must_use]
#[derive(Debug)]
pub struct ProgramRun(Monitor);

/// Starts the run, or prints what is wrong with the configuration and exits with 2.
pub fn start_run(program: Program) -> ProgramRun {
    let builder = Monitor::builder()
        .config(program.embedded)
        .default_name(program.name.unwrap_or(program.package))
        .version(program.version);
    match builder.install() {
        Ok(monitor) => ProgramRun(monitor),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            process::exit(2);
        }
    }
}

impl ProgramRun {
    /// Finishes the run with what `main` returned.
    pub fn finish(self, outcome: Outcome<'_>) {
        self.0.finish_as(&outcome);
    }
}
