//! The attributes, with the documentation that users read.

/// Monitors a function: each call is timed, counted and logged, and a failure can
/// raise an alert.
///
/// | key | form | default |
/// |---|---|---|
/// | `stage` | the stage's id, `"NBA-17"` | required |
/// | `event` | prefix of the event types, in capitals | the function's name in capitals |
/// | `records` | closure over a reference to the success value, `\|players\| players.len()` | none |
/// | `records_in` | how many records the call is given, an expression over the arguments: `players.len()` | none |
/// | `rejected` | closure like `records`: how many of them it left out | none |
/// | `fields(…)` | values to capture before the body runs: `season`, `year = season.year`, `%path` (`Display`), `?options` (`Debug`) | none |
/// | `level` | level of the start and end lines: `"trace"`, `"debug"`, `"info"`, `"warning"` (or `"warn"`), `"error"`, `"off"` | `"info"` |
/// | `alert` | what a final failure raises: `"critical"`, `"warning"`, `"info"` | none |
/// | `alert(…)` | a rule, `alert(on = "slow", level = "critical")`; one for each condition. `level` is `"warning"` unless given | none |
/// | `max_duration` | longest time that a call should take, `"2m"`, `"500ms"` or seconds | none |
/// | `min_records`, `max_records` | fewest and most records that a call should produce | none |
/// | `stale_after` | longest time that the stage should go without a success, `"26h"` | none |
/// | `crate` | where the runtime is re-exported | `::monitor_runtime` |
///
/// A call leaves a line `INGESTION_START` and one of `INGESTION_END`,
/// `INGESTION_ERROR` and `INGESTION_CANCELLED`. Errors and panics are always logged,
/// and metrics are always kept, whatever the level. The line of a future tells how long
/// its polls took and how many they were (`busy`, `polls`).
///
/// | condition of a rule | comes true when |
/// |---|---|
/// | `"failure"` | a call failed for good: with an error after the last attempt, or a panic |
/// | `"panic"` | a call panicked |
/// | `"cancelled"` | a future was dropped before it finished |
/// | `"slow"` | a call takes longer than `max_duration`; told while it still runs |
/// | `"records"` | a call succeeded with fewer records than `min_records` or more than `max_records`, or `records_in` is not the sum of `records` and `rejected` |
/// | `"stale"` | the stage has not succeeded for `stale_after` |
///
/// The last three are limits: crossing one is an alert with level warning without any
/// rule. Limits of monitor.toml come before those of the attribute.
///
/// Above [`retry`](macro@retry) there is one record for each call, with its attempts;
/// below it, one for each attempt, with its number.
///
/// On an `impl` block it monitors each function in it; `#[monitored(skip)]` leaves one
/// out, and one with an attribute of its own keeps that.
///
/// A function that returns a future (`impl Future`, `Pin<Box<dyn Future>>`, a method of
/// `#[async_trait]`) is monitored by what the future does: the call begins with the first
/// poll, and a future that is never polled is no call.
///
/// The function's signature, what it returns and when it drops its arguments stay as they
/// are. Nothing is captured but what is named. Its documentation gains a line that says
/// what the attribute does.
///
/// ```
/// use monitor_runtime::monitored;
///
/// #[monitored(stage = "NBA-18", event = "CLEANING", records = |rows| rows.len(), fields(season))]
/// fn clean(season: &str, rows: Vec<String>) -> Vec<String> {
///     rows.into_iter().filter(|row| row.contains(season)).collect()
/// }
/// # assert_eq!(clean("24", vec!["2024".into(), "2023".into()]).len(), 1);
/// ```
///
/// Records that must not get lost, and a limit that wakes someone:
///
/// ```
/// use monitor_runtime::{monitored, testing};
///
/// #[monitored(
///     stage = "NBA-18",
///     records_in = rows.len(),
///     records = |rows| rows.len(),
///     max_duration = "2m",
///     alert(on = "records", level = "critical")
/// )]
/// fn sort_out(rows: Vec<String>) -> Vec<String> {
///     rows.into_iter().filter(|row| !row.is_empty()).collect()
/// }
///
/// let run = testing::capture();
/// sort_out(vec!["a row".into(), String::new()]);
/// # #[cfg(feature = "enable")]
/// assert_eq!(
///     run.alerts()[0]["message"],
///     "🚨 ALERT [CRITICAL]: NBA-18 lost records: received 2, passed 1, rejected 0, 1 unaccounted for"
/// );
/// ```
pub use monitor_macros::monitored;

/// Retries a function that returns a `Result`, with exponential back-off.
///
/// | key | form | default |
/// |---|---|---|
/// | `max` | total number of attempts | 3 |
/// | `delay` | seconds (`2`, `0.5`) or a text with a unit (`"500ms"`) | 2 |
/// | `crate` | where the runtime is re-exported | `::monitor_runtime` |
///
/// After failed attempt *n* the wait is `delay · 2ⁿ`: `max = 3, delay = 2` waits 4 s,
/// then 8 s, then returns the last error as it is. Each retry is a line `call.retry`.
///
/// Arguments are given to each attempt anew. What the body only borrows is never
/// cloned; what it consumes is cloned for all attempts but the last.
///
/// ```
/// use monitor_runtime::retry;
///
/// #[retry(max = 5, delay = "100ms")]
/// fn read(path: &str) -> std::io::Result<String> {
///     std::fs::read_to_string(path)
/// }
/// # assert!(read("/proc/self/comm").is_ok() || cfg!(not(target_os = "linux")));
/// ```
pub use monitor_macros::retry;

/// Makes a program one monitored run, from before `main`'s body to after it: the
/// files are opened, and at the end the last metrics and the report are written and
/// alerts are delivered. A mistake in the configuration is printed, and the program
/// exits with 2.
///
/// Put it above `#[tokio::main]`:
///
/// ```no_run
/// #[monitor_runtime::main]
/// #[tokio::main]
/// async fn main() -> Result<(), std::io::Error> {
///     Ok(())
/// }
/// ```
pub use monitor_macros::main;

/// The monitor.toml that counts for the file it is written in, checked when the
/// program is compiled, as an `Option<`[`Embedded`](crate::Embedded)`>` for
/// [`Builder::config`](crate::Builder::config).
///
/// ```
/// let embedded: Option<monitor_runtime::Embedded> = monitor_runtime::embedded_config!();
/// ```
pub use monitor_macros::embedded_config;
