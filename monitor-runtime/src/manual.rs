//! What a program reports by hand.

use std::error::Error;
use std::io;
use std::time::SystemTime;

use monitor_config::Severity;
use serde_json::{Value, json};

use crate::alerts::{Alert, TestDelivery, send_to_each};
use crate::core::CoreRef;
use crate::desk::Origin;
use crate::failure::{ErrorText, sources};
use crate::finish;
use crate::history::ErrorEntry;
use crate::logs::record::{Context, Data, ERROR, ErrorPart, LineLevel, OWN, Record};
use crate::logs::timestamp::Timestamp;
use crate::metrics::points::{MetricValue, Point};
use crate::metrics::snapshot::Snapshot;
use crate::text;

/// Writes a line with an event of your own: `event_type` names it, `data` describes
/// it (an object; anything else becomes its `value`). The stage is that of the call
/// it is written in.
///
/// ```
/// use monitor_runtime::{json, log_event};
///
/// log_event("INGESTION_START", json!({"season": "2023-24"}));
/// ```
pub fn log_event(event_type: &str, data: Value) {
    tracing::info!(target: crate::logs::layer::OWN_TARGET, event_type, %data);
    CoreRef::current().attached.with(|attached| {
        attached.log.emit(
            OWN,
            &Record::new(LineLevel::Info, event_type, Data::Json(&data)).from(Origin::here()),
        );
    });
}

/// Writes a line with an error, its chain of sources and what was going on. Takes
/// any error, `anyhow::Error` and its like, boxed errors, and plain text.
///
/// ```
/// use monitor_runtime::{json, log_error};
///
/// let error = "12x".parse::<u32>().unwrap_err();
/// log_error(&error, json!({"row": 7}));
/// log_error("no rows left", json!({"page": 3}));
/// ```
pub fn log_error<E: Loggable<Kind> + ?Sized, Kind>(error: &E, context: Value) {
    let (error, chain) = error.texts();
    let text = ErrorText::new(error, chain);
    let message = text.error.as_str();
    tracing::error!(target: crate::logs::layer::OWN_TARGET, error = message, %context);
    let Some(attached) = CoreRef::current().attached.get() else {
        return;
    };
    let record = Record {
        message: ERROR,
        error: Some(ErrorPart {
            text: &text,
            context: Context::Json(&context),
        }),
        ..Record::new(LineLevel::Error, "log.error", Data::Fields(&[], &[])).from(Origin::here())
    };
    attached.history.add_error(ErrorEntry {
        time: record.time,
        event_type: record.event_type.to_string(),
        stage: record.stage.map(str::to_owned),
        function: record.function.map(str::to_owned),
        text: text.clone(),
    });
    attached.log.emit(OWN, &record);
}

/// What [`log_error`] takes. `Kind` tells the cases apart and is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be logged as an error",
    label = "expected an error, something that holds one, or text"
)]
pub trait Loggable<Kind> {
    /// The error's text, and the texts of its sources, the nearest first.
    fn texts(&self) -> (String, Vec<String>);
}

/// The case of [`Loggable`] for errors.
#[derive(Debug)]
pub enum ByError {}

/// The case of [`Loggable`] for what holds an error.
#[derive(Debug)]
pub enum ByHeldError {}

/// The case of [`Loggable`] for text.
#[derive(Debug)]
pub enum ByText {}

impl<E: Error + ?Sized> Loggable<ByError> for E {
    fn texts(&self) -> (String, Vec<String>) {
        (text::of(self), sources(self.source()))
    }
}

impl<E: AsRef<dyn Error + Send + Sync> + ?Sized> Loggable<ByHeldError> for E {
    fn texts(&self) -> (String, Vec<String>) {
        self.as_ref().texts()
    }
}

/// The case of [`Loggable`] for boxed errors.
#[derive(Debug)]
pub enum ByBox {}

impl Loggable<ByBox> for Box<dyn Error + '_> {
    fn texts(&self) -> (String, Vec<String>) {
        self.as_ref().texts()
    }
}

impl Loggable<ByBox> for Box<dyn Error + Send + '_> {
    fn texts(&self) -> (String, Vec<String>) {
        self.as_ref().texts()
    }
}

impl<E: AsRef<str> + ?Sized> Loggable<ByText> for E {
    fn texts(&self) -> (String, Vec<String>) {
        (self.as_ref().to_owned(), Vec::new())
    }
}

/// Records a measurement of a stage. Each point is kept, up to 10,000 a run; those
/// beyond are counted as `points_dropped`. A metric recorded by hand replaces the
/// automatic one of the same name. `unit` may be `""` or `None`.
///
/// ```
/// use monitor_runtime::record_metric;
///
/// record_metric("NBA-17", "records_processed", 5103, "records");
/// record_metric("NBA-17", "share_active", 0.11, None);
/// ```
pub fn record_metric<'u>(
    stage: &str,
    metric: &str,
    value: impl MetricValue,
    unit: impl Into<Option<&'u str>>,
) {
    CoreRef::current().points.add(Point {
        time: SystemTime::now(),
        stage: stage.to_owned(),
        metric: metric.to_owned(),
        value: value.metric(),
        unit: unit.into().unwrap_or_default().to_owned(),
    });
}

/// Writes `metrics.json` and the record of the run now; a running monitor does so about once a
/// second and at the end.
///
/// # Errors
///
/// When `metrics.json` cannot be replaced, and when no monitor is running, since it is the
/// monitor that knows the folder.
pub fn save_metrics() -> io::Result<()> {
    let core = CoreRef::current();
    match core.attached.get() {
        Some(attached) => finish::save(&core, &attached, None).metrics,
        None => Err(io::Error::new(
            io::ErrorKind::NotFound,
            "no monitor is running: start one with `#[monitor_runtime::main]` or `Monitor::builder()`",
        )),
    }
}

/// Raises an alert: a line in the log, and messages by the channels that the
/// severity is routed to. Never blocks; the messages are sent by a thread of the
/// monitor.
///
/// ```
/// use monitor_runtime::{Severity, json, send_alert};
///
/// send_alert(Severity::Critical, "Pipeline failed", json!({"error": "Out of memory", "stage": "NBA-18"}));
/// ```
pub fn send_alert(severity: Severity, message: &str, details: Value) {
    if let Some(attached) = CoreRef::current().attached.get() {
        attached
            .desk
            .raise(severity, message, details, Origin::here());
    } else {
        tracing::warn!(target: crate::logs::layer::OWN_TARGET, alert = %severity, message, %details);
    }
}

/// Sends one alert to each channel that is on, whatever the routes, and waits for what becomes of
/// it, up to 40 seconds: for a person who sets the channels up. It is of severity INFO, stands in
/// no log, and is tried once.
///
/// Empty where no channel is on, and where no monitor runs.
///
/// ```
/// use monitor_runtime::send_test_alert;
///
/// let failed: Vec<_> = send_test_alert()
///     .into_iter()
///     .filter(|delivery| delivery.result.is_err())
///     .collect();
/// assert_eq!(failed, []);
/// ```
#[must_use = "what did not arrive is told here only"]
pub fn send_test_alert() -> Vec<TestDelivery> {
    let Some(attached) = CoreRef::current().attached.get() else {
        return Vec::new();
    };
    let run = &attached.run;
    let message = format!("Test: alerts of {} arrive here", run.name);
    let details = json!({ "host": run.host, "run_id": run.id_text() });
    let now = Timestamp::now().hundredths();
    let id = format!("{}-test-{now}", run.id_text());
    let alert = Alert::new(id, Severity::Info, &message, details);
    send_to_each(&attached.alerts, &alert)
}

/// All metrics at this moment: of the stages that were called and, at zero, of those that the
/// program declares.
///
/// ```
/// use monitor_runtime::{monitored, snapshot};
///
/// #[monitored(stage = "NBA-20")]
/// fn archive() {}
///
/// let snapshot = snapshot();
/// # #[cfg(feature = "enable")] {
/// let stage = snapshot.stage("NBA-20").ok_or("unknown here before its first call")?;
/// assert_eq!(stage.functions[0].function, "archive");
/// assert_eq!(stage.totals.calls(), 0);
/// # }
/// # #[cfg(not(feature = "enable"))]
/// # assert!(snapshot.stages.is_empty());
/// # Ok::<(), &str>(())
/// ```
///
/// ```
/// for stage in monitor_runtime::snapshot().stages {
///     println!("{}: {} calls", stage.stage, stage.totals.calls());
/// }
/// ```
#[must_use]
pub fn snapshot() -> Snapshot {
    CoreRef::current().snapshot()
}
