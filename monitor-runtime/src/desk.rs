//! Where alerts are raised: into the log and the history, and to the worker that
//! delivers them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
#[cfg(not(feature = "__worker"))]
use std::time::Duration;

use monitor_config::Severity;
use serde_json::Value;

#[cfg(not(feature = "__worker"))]
use crate::alerts::Settings;
use crate::alerts::outbox::Outbox;
use crate::alerts::{Alert, fingerprint, headline};
use crate::folding::Folding;
use crate::history::{AlertEntry, History};
use crate::logs::log::Log;
use crate::logs::record::{Data, LineLevel, OWN, Record};
use crate::logs::timestamp::Timestamp;

/// Raises alerts of one run.
pub(crate) struct AlertDesk {
    run_id: String,
    next: AtomicU64,
    log: Arc<Log>,
    history: Arc<History>,
    pub(crate) folding: Arc<Folding>,
    /// None for a run that writes no files.
    outbox: Option<Arc<Outbox>>,
    #[cfg(feature = "__worker")]
    worker: std::sync::Mutex<Option<crate::alerts::Worker>>,
}

/// Where an alert comes from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Origin {
    pub(crate) stage: Option<&'static str>,
    pub(crate) function: Option<&'static str>,
    pub(crate) span: u64,
}

impl AlertDesk {
    /// A desk that only logs.
    pub(crate) fn log_only(run_id: String, log: Arc<Log>, history: Arc<History>) -> Self {
        Self {
            run_id,
            next: AtomicU64::new(1),
            log,
            history,
            folding: Arc::default(),
            outbox: None,
            #[cfg(feature = "__worker")]
            worker: std::sync::Mutex::new(None),
        }
    }

    /// Raises an alert that no rule asks for, and tells it whatever was told before.
    pub(crate) fn raise(&self, severity: Severity, message: &str, details: Value, origin: Origin) {
        let alert = Alert {
            fingerprint: fingerprint::of_text(message),
            ..self.alert(severity, message, details)
        };
        self.say(alert, origin);
    }

    /// An alert with a number of its own.
    pub(crate) fn alert(&self, severity: Severity, message: &str, details: Value) -> Alert {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let id = format!("{}-{number}", self.run_id);
        Alert::new(id, severity, message, details)
    }

    /// Tells an alert: the log, the page and the channels.
    pub(crate) fn say(&self, alert: Alert, origin: Origin) {
        self.log.emit(
            OWN,
            &Record {
                time: Timestamp::of(alert.raised_at),
                message: &headline(alert.severity, &alert.message),
                ..Record::new(
                    level(alert.severity),
                    "alert.raised",
                    Data::Json(&alert.details),
                )
                .from(origin)
            },
        );
        self.history.add_alert(entry(&alert));
        self.hand_over(alert);
    }

    /// An alert that is not told on its own, for the audit trail.
    pub(crate) fn note_suppressed(&self, fingerprint: Option<&str>, message: &str, reason: &str) {
        if let Some(outbox) = &self.outbox {
            outbox.suppressed(fingerprint, message, reason);
        }
    }

    pub(crate) fn log(&self) -> &Log {
        &self.log
    }
}

fn entry(alert: &Alert) -> AlertEntry {
    AlertEntry {
        id: alert.id.clone(),
        time: Timestamp::of(alert.raised_at),
        severity: alert.severity,
        message: alert.message.clone(),
        is_over: alert.resolved,
        deliveries: Vec::new(),
    }
}

/// What became of the alerts of a run so far, counted once for each channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlertReport {
    /// Delivered.
    pub delivered: u64,
    /// Still to be delivered, by this run or the next.
    pub pending: u64,
    /// Given up: the channel refused them for good.
    pub dead: u64,
}

pub(crate) fn level(severity: Severity) -> LineLevel {
    match severity {
        Severity::Critical => LineLevel::Critical,
        Severity::Warning => LineLevel::Warning,
        _ => LineLevel::Info,
    }
}

#[cfg(not(feature = "__worker"))]
impl AlertDesk {
    pub(crate) fn open(
        _: &Settings,
        run_id: String,
        log: Arc<Log>,
        history: Arc<History>,
        outbox: Outbox,
    ) -> Result<Self, Vec<String>> {
        Ok(Self {
            outbox: Some(Arc::new(outbox)),
            ..Self::log_only(run_id, log, history)
        })
    }

    fn hand_over(&self, alert: Alert) {
        if let Some(outbox) = &self.outbox {
            outbox.raised(&alert, &[]);
        }
    }

    pub(crate) fn take_over(&self, _: impl Fn(&str) -> bool) {}

    pub(crate) fn flush(&self, _: Duration) -> AlertReport {
        AlertReport::default()
    }

    pub(crate) fn close(&self) {}
}

#[cfg(feature = "__worker")]
mod worker {
    use std::sync::{Arc, PoisonError};
    use std::time::{Duration, SystemTime};

    use super::{AlertDesk, AlertReport, entry};
    use crate::alerts::outbox::Outbox;
    use crate::alerts::{Alert, Delivery, Outcome, Settings, Undelivered, Worker, channels};
    use crate::fields::FieldValue;
    use crate::finish::complain;
    use crate::history::History;
    use crate::logs::log::Log;
    use crate::logs::record::{Data, LineLevel, OWN, Record};
    use crate::logs::timestamp::Timestamp;

    /// How long the end of a run waits for alerts on their way.
    const CRITICAL_WAIT: Duration = Duration::from_secs(30);
    const OTHER_WAIT: Duration = Duration::from_secs(5);

    impl AlertDesk {
        /// Opens the channels that are switched on.
        pub(crate) fn open(
            settings: &Settings,
            run_id: String,
            log: Arc<Log>,
            history: Arc<History>,
            outbox: Outbox,
        ) -> Result<Self, Vec<String>> {
            let outbox = Arc::new(outbox);
            let desk = Self {
                outbox: Some(Arc::clone(&outbox)),
                ..Self::log_only(run_id, Arc::clone(&log), Arc::clone(&history))
            };
            if settings.is_log_only() {
                return Ok(desk);
            }
            let channels = channels(settings)
                .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
            let folding = Arc::clone(&desk.folding);
            let observer = move |delivery: Delivery<'_>| {
                // What nobody has heard of is not told already.
                let is_delivered = delivery.outcome == Outcome::Delivered;
                Self::delivery(&folding, &delivery.alert.fingerprint, is_delivered);
                observe(&log, &history, &delivery);
            };
            let routes = settings.routes().clone();
            let worker = Worker::start(channels, routes, Some(outbox), Arc::new(observer))
                .map_err(|error| {
                    vec![format!(
                        "the thread that delivers alerts cannot start: {error}"
                    )]
                })?;
            *desk.worker.lock().unwrap_or_else(PoisonError::into_inner) = Some(worker);
            Ok(desk)
        }

        pub(super) fn hand_over(&self, alert: Alert) {
            let id = alert.id.clone();
            let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
            let route = worker.as_ref().map(|worker| worker.route_of(&alert));
            // First of all: what is in the outbox survives whatever happens next.
            if let Some(outbox) = &self.outbox {
                outbox.raised(&alert, &route.unwrap_or_default());
            }
            let taken = worker.as_ref().is_none_or(|worker| worker.raise(alert));
            drop(worker);
            if !taken {
                let reason = "too many alerts wait already";
                undelivered(&self.log, &id, "every channel", reason, 0);
                self.history.delivered(&id, "every channel", reason);
            }
        }

        /// The channels that an alert is for.
        pub(crate) fn route_of(&self, alert: &Alert) -> Vec<String> {
            let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
            let route = worker.as_ref().map(|worker| worker.route_of(alert));
            let route = route.unwrap_or_default().into_iter();
            route.map(str::to_owned).collect()
        }

        /// Delivers what earlier runs that are over could not.
        pub(crate) fn take_over(&self, is_living: impl Fn(&str) -> bool) {
            let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
            let (Some(outbox), Some(worker)) = (&self.outbox, worker.as_ref()) else {
                return;
            };
            let now = SystemTime::now();
            for (alert, channels) in outbox.take_over(&worker.channels(), is_living, now) {
                let data = [
                    ("alert", FieldValue::text(&alert.id)),
                    ("message", FieldValue::text(&alert.message)),
                    (
                        "raised_at",
                        FieldValue::text(&Timestamp::of(alert.raised_at).to_string()),
                    ),
                ];
                let data = Data::Fields(&data, &[]);
                let record = Record::new(LineLevel::Info, "alert.taken_over", data);
                self.log.emit(OWN, &record);
                self.history.add_alert(entry(&alert));
                worker.raise(Alert { channels, ..alert });
            }
        }

        /// Waits until all alerts are delivered or given up, but not longer than that.
        pub(crate) fn flush(&self, longest: Duration) -> AlertReport {
            let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
            let ledger = worker.as_ref().map(Worker::ledger);
            // Who raises an alert meanwhile does not wait.
            drop(worker);
            let counts = ledger.map(|ledger| ledger.flush(longest));
            let (delivered, dead, pending) = counts.unwrap_or_default();
            AlertReport {
                delivered,
                pending,
                dead,
            }
        }

        /// Waits for the alerts on their way, and names those that did not arrive.
        pub(crate) fn close(&self) {
            let worker = self
                .worker
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            let Some(worker) = worker else { return };
            let report = worker.finish(CRITICAL_WAIT, OTHER_WAIT);
            for Undelivered {
                alert,
                channel,
                reason,
            } in &report.pending
            {
                undelivered(&self.log, &alert.id, channel, reason, 0);
                self.history
                    .delivered(&alert.id, channel, &format!("pending: {reason}"));
            }
            let dead = report.dead.iter().map(|one| (one, ""));
            let pending = report.pending.iter();
            let pending = pending.map(|one| (one, "; the next run delivers it"));
            for (one, what_follows) in dead.chain(pending) {
                let (severity, message) = (one.alert.severity, &one.alert.message);
                let (channel, reason) = (&one.channel, &one.reason);
                complain(&format!(
                    "alert not delivered by {channel}: [{severity}] {message}: {reason}{what_follows}"
                ));
            }
            let unwritten = self.outbox.as_ref().and_then(|outbox| outbox.unwritten());
            if let Some((lines, cause)) = unwritten {
                complain(&format!(
                    "{lines} lines could not be written to alerts.jsonl: {cause}"
                ));
            }
        }
    }

    fn observe(log: &Log, history: &History, delivery: &Delivery<'_>) {
        let (id, channel) = (&delivery.alert.id, delivery.channel);
        match delivery.outcome {
            Outcome::Delivered => {
                history.delivered(id, channel, "delivered");
                line(
                    log,
                    "alert.delivered",
                    LineLevel::Info,
                    id,
                    channel,
                    None,
                    delivery.attempts,
                );
            }
            Outcome::Dead(reason) => {
                history.delivered(id, channel, reason);
                undelivered(log, id, channel, reason, delivery.attempts);
            }
        }
    }

    fn undelivered(log: &Log, id: &str, channel: &str, reason: &str, attempts: u32) {
        line(
            log,
            "alert.undelivered",
            LineLevel::Error,
            id,
            channel,
            Some(reason),
            attempts,
        );
    }

    fn line(
        log: &Log,
        event_type: &str,
        level: LineLevel,
        id: &str,
        channel: &str,
        reason: Option<&str>,
        attempts: u32,
    ) {
        let mut data = vec![
            ("alert", FieldValue::text(id)),
            ("channel", FieldValue::text(channel)),
            ("attempts", FieldValue::U64(attempts.into())),
        ];
        data.extend(reason.map(|reason| ("reason", FieldValue::text(reason))));
        log.emit(
            OWN,
            &Record::new(level, event_type, Data::Fields(&data, &[])),
        );
    }
}
