//! The attributes, with the documentation that users read.

/// Monitors a function: each call is timed, counted and logged, and a failure can
/// raise an alert.
///
/// | key | form | default |
/// |---|---|---|
/// | `stage` | the stage's id, `"NBA-17"` | required |
/// | `event` | prefix of the event types, in capitals | the function's name in capitals |
/// | `records` | closure over a reference to the success value, `\|players\| players.len()` | none |
/// | `fields(…)` | values to capture before the body runs: `season`, `year = season.year`, `%path` (`Display`), `?options` (`Debug`) | none |
/// | `level` | level of the start and end lines: `"trace"`, `"debug"`, `"info"`, `"warning"`, `"error"`, `"off"` | `"info"` |
/// | `alert` | what a failure raises: `"critical"`, `"warning"`, `"info"` | none |
/// | `crate` | where the runtime is re-exported | `::monitor_runtime` |
///
/// A call leaves a line `INGESTION_START` and one of `INGESTION_END`,
/// `INGESTION_ERROR` and `INGESTION_CANCELLED`. Errors and panics are always logged,
/// and metrics are always kept, whatever the level.
///
/// Above [`retry`](macro@retry) there is one record for each call, with its attempts;
/// below it, one for each attempt, with its number.
///
/// On an `impl` block it monitors each function in it; `#[monitored(skip)]` leaves one
/// out, and one with an attribute of its own keeps that.
///
/// A function that returns a future is monitored like an async one if its body ends
/// with an async block, alone or as `Box::pin(async move { … })`; so are the methods of
/// `#[async_trait]`.
///
/// The function's signature and what it returns stay as they are. Nothing is captured
/// but what is named.
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
