//! Tests of code that is monitored: what it did, without files and without waits.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use monitor_config::Stage;
use serde_json::Value;

use crate::alerts::Settings;
use crate::attached::Attached;
use crate::builder::Builder;
use crate::config::StartError;
use crate::core::{Core, CoreRef, Scope};
use crate::desk::AlertDesk;
use crate::history::History;
use crate::logs::log::Log;
use crate::logs::settings::LogSettings;
use crate::logs::sink::Memory;
use crate::metrics::snapshot::{CallStats, Snapshot};
use crate::monitor::Monitor;
use crate::panics;
use crate::paths::Paths;
use crate::run::RunInfo;
use crate::runs::Runs;

#[cfg(feature = "channels")]
pub use crate::memory_channel::{MemoryChannel, SentAlert};

/// Captures what the current thread does, until the guard is dropped; what a task does
/// that may run on another thread is captured by [`Capture::in_task`]. Nothing of it
/// is process-wide: tests run in parallel. Waits between retries are recorded in
/// place of being waited for, and count as passed for the deadlines and budgets of
/// `#[retry]`.
///
/// ```
/// use monitor_runtime::{monitored, retry, testing};
/// use std::time::Duration;
///
/// #[monitored(stage = "NBA-17")]
/// #[retry(max = 3, delay = 2)]
/// fn ingest() -> Result<(), String> {
///     Err("not there yet".to_owned())
/// }
///
/// let run = testing::capture();
/// assert_eq!(ingest(), Err("not there yet".to_owned()));
/// assert_eq!(run.waits(), [4, 8].map(Duration::from_secs));
/// # #[cfg(feature = "enable")]
/// assert_eq!(run.snapshot().stages[0].totals.error, 1);
/// ```
pub fn capture() -> Capture {
    capture_in(Core::for_test(true))
}

/// The same with waits that are waited for, for a clock that a test stops itself
/// (`tokio::time::pause`): then attempts come at their instants.
///
/// ```
/// use monitor_runtime::{retry, testing};
/// use std::time::Duration;
///
/// #[retry(max = 2, delay = 2)]
/// async fn ingest() -> Result<(), String> {
///     Err("not there yet".to_owned())
/// }
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
/// # runtime.block_on(async {
/// let _run = testing::capture_with_waits();
/// let start = tokio::time::Instant::now();
/// assert!(ingest().await.is_err());
/// # #[cfg(feature = "tokio")]
/// assert_eq!(start.elapsed(), Duration::from_secs(4));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn capture_with_waits() -> Capture {
    capture_in(Core::for_test(false))
}

fn capture_in(core: Arc<Core>) -> Capture {
    panics::watch();
    let (attached, memory) = in_memory(BTreeMap::new());
    core.attached.fill(Arc::new(attached));
    Capture {
        _scope: Scope::enter(Arc::clone(&core)),
        core,
        memory,
        here: PhantomData,
    }
}

/// Starts a run for the current thread alone, with its files: for tests of what a program
/// leaves behind, in parallel, each in a folder of its own. What a task does that may run
/// on another thread does not count for it.
///
/// # Errors
///
/// As [`Builder::install`](crate::Builder::install).
///
/// ```
/// use monitor_runtime::{Monitor, log_event, json, testing};
///
/// let folder = std::env::temp_dir().join(format!("monitor-scoped-{}", std::process::id()));
/// let monitor = testing::install(Monitor::builder().logs(&folder).console(std::io::sink()))?;
/// log_event("INGESTION_START", json!({"season": "2023-24"}));
/// drop(monitor);
/// let log = std::fs::read_to_string(folder.join("pipeline.json"))?;
/// assert_eq!(log.lines().count(), 3);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn install(builder: Builder) -> Result<ScopedMonitor, StartError> {
    let scope = Scope::enter(Core::for_test(false));
    Ok(ScopedMonitor {
        monitor: builder.install()?,
        _scope: scope,
        here: PhantomData,
    })
}

/// A run of the current thread. It ends when this is dropped.
#[must_use = "the run is finished when this is dropped"]
#[derive(Debug)]
pub struct ScopedMonitor {
    // Before the scope: the run ends in it.
    monitor: Monitor,
    _scope: Scope,
    here: PhantomData<Rc<()>>,
}

impl Deref for ScopedMonitor {
    type Target = Monitor;

    fn deref(&self) -> &Monitor {
        &self.monitor
    }
}

/// Sinks in memory, for a run whose monitor.toml declares `stages`.
pub(crate) fn in_memory(stages: BTreeMap<String, Stage>) -> (Attached, Memory) {
    let memory = Memory::default();
    let run = RunInfo::new("test".to_owned(), None);
    let log = Arc::new(Log::new(
        &run.name,
        &run.id_text(),
        &LogSettings::default(),
        Box::new(memory.clone()),
        None,
    ));
    let history = Arc::new(History::default());
    let desk = AlertDesk::log_only(run.id_text(), Arc::clone(&log), Arc::clone(&history));
    let attached = Attached {
        run,
        log,
        history,
        desk,
        alerts: Settings::log_only(),
        paths: Paths::nowhere(),
        runs: Runs::nowhere(),
        stages,
    };
    (attached, memory)
}

/// What was captured so far.
#[must_use = "capturing ends when this is dropped"]
#[derive(Debug)]
pub struct Capture {
    _scope: Scope,
    core: Arc<Core>,
    memory: Memory,
    /// It belongs to the thread that it captures.
    here: PhantomData<Rc<()>>,
}

impl Capture {
    /// The lines of the log, parsed.
    #[must_use]
    pub fn lines(&self) -> Vec<Value> {
        self.memory
            .text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or(Value::Null))
            .collect()
    }

    /// The lines as they were written.
    #[cfg(test)]
    pub(crate) fn text(&self) -> String {
        self.memory.text()
    }

    /// The lines with this event type.
    #[must_use]
    pub fn events(&self, event_type: &str) -> Vec<Value> {
        let mut lines = self.lines();
        lines.retain(|line| line["event_type"] == event_type);
        lines
    }

    /// The alerts that were raised, as they stand in the log.
    #[must_use]
    pub fn alerts(&self) -> Vec<Value> {
        self.events("alert.raised")
    }

    /// The waits between attempts, in order, where none of them was waited for.
    #[must_use]
    pub fn waits(&self) -> Vec<Duration> {
        self.core.skipped_waits()
    }

    /// Lets time pass for the rules of alerts: what is repeated is told again, failures of long ago
    /// do not count any more.
    ///
    /// ```
    /// use monitor_runtime::{monitored, testing};
    /// use std::time::Duration;
    ///
    /// #[monitored(stage = "NBA-17", alert(on = "failure", repeat = "1h"))]
    /// fn ingest() -> Result<(), String> {
    ///     Err("not there yet".to_owned())
    /// }
    ///
    /// let run = testing::capture();
    /// for _ in 0..18 {
    ///     assert!(ingest().is_err());
    /// }
    /// # #[cfg(feature = "enable")] {
    /// assert_eq!(run.alerts().len(), 1);
    /// run.advance(Duration::from_secs(3600));
    /// let message = run.alerts()[1]["message"].to_string();
    /// assert!(message.contains("17 more since"), "{message}");
    /// # }
    /// ```
    pub fn advance(&self, by: Duration) {
        self.core.attached.with(|attached| {
            attached.look_for_successes(&self.core);
            attached.judge_error_rates(&self.core);
            attached.desk.advance(by);
            attached.judge_error_rates(&self.core);
            attached.desk.look_at_the_time();
        });
    }

    /// Has every `#[retry]` make at most `max` attempts, whatever its own `max`: with 1 a
    /// test sees what the first error leads to. Zero takes the limit off.
    ///
    /// ```
    /// use monitor_runtime::{retry, testing};
    ///
    /// #[retry(max = 6, delay = 2)]
    /// fn ingest() -> Result<(), String> {
    ///     Err("not there yet".to_owned())
    /// }
    ///
    /// let run = testing::capture();
    /// run.cap_attempts(2);
    /// assert!(ingest().is_err());
    /// assert_eq!(run.waits().len(), 1);
    /// ```
    pub fn cap_attempts(&self, max: u32) {
        self.core.cap_attempts(max);
    }

    /// Seeds the jitter of the waits. Each capture begins with the same seed, so that a
    /// test sees the same waits each time it runs.
    ///
    /// ```
    /// use monitor_runtime::{retry, testing};
    /// use std::time::Duration;
    ///
    /// #[retry(max = 2, delay = 2, jitter = "full")]
    /// fn ingest() -> Result<(), String> {
    ///     Err("not there yet".to_owned())
    /// }
    ///
    /// let run = testing::capture();
    /// for _ in 0..2 {
    ///     run.seed_jitter(7);
    ///     assert!(ingest().is_err());
    /// }
    /// let waits = run.waits();
    /// assert_eq!(waits[0], waits[1]);
    /// assert!(waits[0] <= Duration::from_secs(4));
    /// ```
    pub fn seed_jitter(&self, seed: u64) {
        self.core.jitter.seed(seed);
    }

    /// Captures what `future` does, wherever it is polled: in a task on another thread,
    /// say. What it does counts here also when this capture is not the innermost, or has
    /// ended.
    ///
    /// ```
    /// use monitor_runtime::{retry, testing};
    ///
    /// #[retry(max = 3, delay = 2)]
    /// async fn ingest() -> Result<(), String> {
    ///     Err("not there yet".to_owned())
    /// }
    ///
    /// # #[tokio::main]
    /// # async fn main() {
    /// let run = testing::capture();
    /// let task = tokio::spawn(run.in_task(ingest()));
    /// assert!(task.await.is_ok_and(|result| result.is_err()));
    /// assert_eq!(run.waits().len(), 2);
    /// # }
    /// ```
    pub fn in_task<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        let core = CoreRef::Scoped(Arc::clone(&self.core));
        let mut future = Box::pin(future);
        std::future::poll_fn(move |context| {
            let _scope = core.scope();
            future.as_mut().poll(context)
        })
    }

    /// The counts of a stage.
    ///
    /// # Panics
    ///
    /// When the stage was not called.
    #[must_use]
    #[track_caller]
    pub fn stage(&self, id: &str) -> CallStats {
        let snapshot = self.snapshot();
        let Some(stage) = snapshot.stage(id) else {
            let called: Vec<&str> = snapshot
                .stages
                .iter()
                .map(|stage| stage.stage.as_str())
                .collect();
            let called = match called.as_slice() {
                [] => "none was".to_owned(),
                names => format!("the stages of this run are {}", names.join(", ")),
            };
            panic!("{id} was not called: {called}");
        };
        stage.totals.clone()
    }

    /// The metrics.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.core.snapshot()
    }
}

/// Asserts what a stage did in a [`Capture`]: any of `calls`, `ok`, `error`, `panic`,
/// `timeout`, `cancelled`, `records`, `records_in`, `records_rejected`, `attempts`,
/// `retries`, `recovered`, `gave_up`, `not_retryable` and `out_of_budget`. Without any, that
/// the stage was called.
///
/// # Panics
///
/// When the stage was not called, or a number is another: the message names the stage,
/// the number and both values.
///
/// ```
/// use monitor_runtime::{assert_stage, monitored, retry, testing};
///
/// #[monitored(stage = "NBA-17", records = |players| players.len())]
/// #[retry(max = 3, delay = 2)]
/// fn ingest(missing: &mut u32) -> Result<Vec<String>, String> {
///     if *missing > 0 {
///         *missing -= 1;
///         return Err("not there yet".to_owned());
///     }
///     Ok(vec!["a player".to_owned()])
/// }
///
/// let run = testing::capture();
/// assert!(ingest(&mut 2).is_ok());
/// # #[cfg(feature = "enable")]
/// assert_stage!(run, "NBA-17", records = 1, attempts = 3);
/// ```
#[macro_export]
macro_rules! assert_stage {
    ($run:expr, $stage:expr $(, $what:ident = $expected:expr)* $(,)?) => {{
        let totals = $crate::testing::Capture::stage(&$run, $stage);
        $($crate::testing::assert_count(
            $stage,
            ::core::stringify!($what),
            $crate::assert_stage!(@count totals $what),
            $expected,
        );)*
        let _ = totals;
    }};
    (@count $totals:ident calls) => { $totals.calls() };
    (@count $totals:ident attempts) => { $totals.attempts() };
    (@count $totals:ident $field:ident) => { $totals.$field };
}

/// For `assert_stage!`.
#[doc(hidden)]
#[track_caller]
pub fn assert_count(stage: &str, what: &str, count: u64, expected: u64) {
    assert!(
        count == expected,
        "{stage}: `{what}` is {count}, not {expected}"
    );
}
