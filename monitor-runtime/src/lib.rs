//! Annotate a pipeline function and it is monitored: durable JSON logs, metrics,
//! alerts, retries and a report, with no server to set up.
//!
//! **Authors of libraries**: depend on this crate with `default-features = false`.
//! The attributes then check their arguments, `#[retry]` retries, and whether
//! anything is observed is the application's choice, by its feature `enable`.
//!
//! ```no_run
//! use monitor_runtime::{monitored, retry};
//!
//! #[monitored(stage = "NBA-17", event = "INGESTION", records = |players| players.len(), fields(season), alert = "critical")]
//! #[retry(max = 3, delay = 2)]
//! fn ingest_players(season: &str) -> Result<Vec<String>, std::io::Error> {
//!     Ok(vec![format!("a player of {season}")])
//! }
//!
//! #[monitor_runtime::main]
//! fn main() -> Result<(), std::io::Error> {
//!     ingest_players("2023-24")?;
//!     Ok(())
//! }
//! ```
//!
//! leaves `logs/pipeline.json`, `logs/metrics.json`, `logs/dashboard.html` and a record of the run
//! in `logs/runs/`.
//!
//! | to | use |
//! |---|---|
//! | monitor a function | [`macro@monitored`] |
//! | retry it | [`macro@retry`] |
//! | start and finish the run | [`macro@main`], or [`Monitor::builder`] |
//! | log by hand | [`log_event`], [`log_error`] |
//! | measure by hand | [`record_metric`], [`save_metrics`], [`snapshot`] |
//! | read the log | [`log_format`] |
//! | read the records of runs | [`run_format`] |
//! | raise an alert by hand | [`send_alert`] |
//! | see whether alerts arrive | [`send_test_alert`] |
//! | check and read the messages of the channel `webhook` | [`webhook_format`] |
//! | test monitored code | [`testing::capture`] |
//! | see your own `tracing` events in the log, beside a subscriber of your own | [`layer`] |

mod alerts;
mod async_call;
mod attached;
mod bars;
mod builder;
mod call;
mod classify;
mod clock;
mod config;
mod core;
mod course;
mod declared;
mod desk;
mod details;
mod end;
mod failure;
mod fields;
mod finish;
mod folding;
mod follow;
mod frame;
mod history;
mod ids;
mod in_progress;
pub mod log_format;
mod logs;
mod manual;
mod mask;
#[cfg(feature = "channels")]
mod memory_channel;
mod metrics;
mod monitor;
mod observe;
mod open_page;
mod opening;
pub mod outbox_format;
mod panics;
mod paths;
mod plain;
mod progress;
mod rates;
mod records;
mod remembered;
mod replace;
mod report;
mod retry;
mod run;
pub mod run_format;
mod runs;
#[cfg(feature = "serve")]
mod serve;
mod site;
mod stale;
mod storm;
mod summary;
mod sync_call;
pub mod testing;
mod text;
mod verdict;
mod watchdog;
pub mod webhook_format;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

mod attributes;
pub use attributes::{embedded_config, main, monitored, retry};

pub use monitor_config::{LogMode, Severity};
pub use serde_json::json;

pub use crate::alerts::TestDelivery;
#[cfg(feature = "channels")]
pub use crate::alerts::{AlertChannel, AlertMessage, SendError};
pub use crate::builder::Builder;
pub use crate::config::{Embedded, StartError};
pub use crate::desk::AlertReport;
pub use crate::logs::layer::{MonitorLayer, layer};
pub use crate::manual::{
    Loggable, log_error, log_event, record_metric, save_metrics, send_alert, send_test_alert,
    snapshot,
};
pub use crate::metrics::histogram::HistogramSnapshot;
pub use crate::metrics::points::MetricValue;
pub use crate::metrics::process::ProcessSnapshot;
pub use crate::metrics::snapshot::{
    CallStats, FunctionSnapshot, LastError, Snapshot, StageSnapshot,
};
pub use crate::metrics::stage_progress::StageProgress;
pub use crate::monitor::Monitor;
pub use crate::paths::Paths;
pub use crate::progress::{Progress, progress};
#[cfg(feature = "http")]
pub use crate::retry::http::parse_retry_after;
pub use crate::retry::timed_out::TimedOut;
pub use crate::summary::Summary;

/// The README's program compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
