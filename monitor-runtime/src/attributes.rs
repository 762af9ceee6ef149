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
/// | `records_total` | how many records the call is to handle, an expression over the arguments; alone, the call tells it: see [`progress`](fn@crate::progress) | none |
/// | `fields(…)` | values to capture before the body runs: `season`, `year = season.year`, `%path` (`Display`), `?options` (`Debug`) | none |
/// | `level` | level of the start and end lines: `"trace"`, `"debug"`, `"info"`, `"warning"` (or `"warn"`), `"error"`, `"off"` | `"info"` |
/// | `alert` | what a final failure raises: `"critical"`, `"warning"`, `"info"` | none |
/// | `alert(…)` | a rule, `alert(on = "slow", level = "critical")`, with `channel`, `after`, `within`, `repeat`, `resolve`, `above` and `min_calls`; may stand several times. `level` is `"warning"` unless given | none |
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
/// | `delay` | base of the waits: seconds (`2`, `0.5`) or a text with a unit (`"500ms"`) | 2 |
/// | `factor` | how much longer each wait is than the one before, at least 1 | 2 |
/// | `max_delay` | longest single wait | none |
/// | `jitter` | `"none"`; `"full"` for random waits from zero up to those of the schedule | `"none"` |
/// | `deadline` | longest time of the whole call: cuts off a running attempt of an async function, and refuses a wait that would end past it | none |
/// | `attempt_timeout` | longest time of one attempt of an async function | none |
/// | `when` | which errors are worth another attempt: a closure, `\|error\| error.is_transient()`, or a path | all |
/// | `retry_after` | the server's own wait, where the error carries one: a closure that gives an `Option<Duration>` | none |
/// | `budget` | name of a budget in monitor.toml: the functions that name it share its retries | none |
/// | `allow_long_wait` | alone: waits of more than 10 minutes in all are meant | off |
/// | `clone(…)` | arguments that each attempt gets a clone of, where the function borrows something mutably | none |
/// | `crate` | where the runtime is re-exported | `::monitor_runtime` |
///
/// After failed attempt *n* the wait is `delay · factorⁿ`: `max = 3, delay = 2` waits 4 s,
/// then 8 s, then returns the last error as it is. What cannot be meant does not compile:
/// a `max_delay` below the first wait, a deadline that no second attempt can meet, waits
/// of more than 10 minutes in all without a `deadline` or `allow_long_wait`. The function's
/// documentation gains a line with the schedule.
///
/// Arguments are given to each attempt anew, `mut` ones as they were. What the body only
/// borrows is never cloned; what it consumes is cloned for all attempts but the last. With
/// `&mut self` or another `&mut` argument an attempt sees what the one before has changed
/// there, and arguments that the body consumes have to be named in `clone(…)`.
///
/// An `async fn`, a method of `#[async_trait]` and a function that returns a future are
/// retried alike. What stands before the async block that a function ends with runs once;
/// where the future comes from elsewhere, the whole body is run for each attempt, the first
/// time when the future is first polled. The waits are those of tokio's timer inside a tokio
/// runtime and of an own one elsewhere. In a sync function they block the thread; inside a
/// tokio task that is said once for each function.
///
/// # Limits on time
///
/// An attempt that is cut off gives the function's own error, made from
/// [`TimedOut`](crate::TimedOut) by `From`; `when` and `retry_after` see it as any other. A
/// sync function cannot be cut off: its `deadline` refuses the wait, and gives the last
/// error.
///
/// ```
/// use monitor_runtime::retry;
/// use std::time::Duration;
///
/// #[derive(Debug)]
/// enum ApiError {
///     Busy { retry_after: Option<Duration> },
///     Slow(monitor_runtime::TimedOut),
///     NotFound,
/// }
///
/// impl From<monitor_runtime::TimedOut> for ApiError {
///     fn from(error: monitor_runtime::TimedOut) -> Self {
///         Self::Slow(error)
///     }
/// }
///
/// #[retry(
///     max = 5,
///     delay = "250ms",
///     max_delay = 10,
///     jitter = "full",
///     attempt_timeout = 5,
///     deadline = "1m",
///     when = |error| !matches!(error, ApiError::NotFound),
///     retry_after = |error| match error {
///         ApiError::Busy { retry_after } => *retry_after,
///         _ => None,
///     },
///     budget = "nba-api"
/// )]
/// async fn fetch(player: u32) -> Result<String, ApiError> {
///     match player {
///         0 => Err(ApiError::NotFound),
///         1 => Err(ApiError::Busy { retry_after: Some(Duration::from_secs(1)) }),
///         id => Ok(format!("player {id}")),
///     }
/// }
/// ```
///
/// The server's wait is taken as it is, without jitter, up to `max_delay`; without one up
/// to 10 minutes, or what the `deadline` leaves. With the feature `http`,
/// `parse_retry_after` reads the header of HTTP.
///
/// # Budgets
///
/// A service that is down gets three times its load when each of its callers tries three
/// times, and 27 times through three layers. Functions that name a budget share its tokens:
/// each call earns `ratio` of one (0.1), each second at least `floor` (10), and a retry
/// takes one. What a second earned is kept for ten seconds, and a last one for as long as it
/// takes. When there is none, the error is
/// returned at once. `[budgets.nba-api]` in monitor.toml sets both numbers; where the file
/// declares budgets, one that it does not declare does not compile.
///
/// # What is told
///
/// Each attempt that another one follows is a line `call.retry` (`attempt`, `max`, `wait`,
/// `error`, `goes_on`). How the call ended is in the record of a function that is
/// `#[monitored]` above (`attempts`, `wait`, `gave_up`), and else a line `call.recovered`
/// or `call.gave_up` with the `reason`: `"attempts"`, `"deadline"`, `"not_retryable"` or
/// `"budget"`. A future that is dropped in a wait is the call's `CANCELLED` record, or a line
/// `call.cancelled`. All are counted, see [`CallStats`](crate::CallStats).
///
/// ```
/// use monitor_runtime::{monitored, retry, testing};
/// use std::time::Duration;
///
/// #[monitored(stage = "NBA-17")]
/// #[retry(max = 5, delay = "100ms", max_delay = "500ms")]
/// fn read(path: &str) -> std::io::Result<String> {
///     std::fs::read_to_string(path)
/// }
///
/// let run = testing::capture();
/// assert!(read("/no/such/file").is_err());
/// assert_eq!(run.waits(), [200, 400, 500, 500].map(Duration::from_millis));
/// # #[cfg(feature = "enable")]
/// assert_eq!(run.stage("NBA-17").gave_up, 1);
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
