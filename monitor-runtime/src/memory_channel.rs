//! A channel that keeps what it is given, for tests.

use std::sync::{Arc, Mutex, PoisonError};

use monitor_config::Severity;
use serde_json::Value;

use crate::alerts::{AlertChannel, AlertMessage, SendError};

/// Keeps the alerts that are delivered to it, for tests of routes and of what a person would
/// be told. Clones share them.
///
/// ```
/// use monitor_runtime::testing::{self, MemoryChannel};
/// use monitor_runtime::{Monitor, Severity, json, send_alert};
///
/// # let folder = std::env::temp_dir().join(format!("monitor-memory-{}", std::process::id()));
/// let pager = MemoryChannel::new("pager");
/// let builder = Monitor::builder().logs(&folder).console(std::io::sink());
/// let run = testing::install(builder.alert_channel(pager.clone()))?;
/// send_alert(Severity::Critical, "Pipeline failed", json!({"stage": "NBA-18"}));
/// drop(run); // waits until it is delivered
/// assert_eq!(pager.alerts()[0].message, "Pipeline failed");
/// # std::fs::remove_dir_all(folder).ok();
/// # Ok::<(), monitor_runtime::StartError>(())
/// ```
#[derive(Clone, Debug)]
pub struct MemoryChannel {
    name: String,
    alerts: Arc<Mutex<Vec<SentAlert>>>,
}

/// An alert as it was delivered.
///
/// ```
/// use monitor_runtime::testing::MemoryChannel;
///
/// let stages: Vec<_> = MemoryChannel::new("pager")
///     .alerts()
///     .iter()
///     .map(|alert| alert.details["stage"].clone())
///     .collect();
/// assert!(stages.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SentAlert {
    /// Unique among all runs.
    pub id: String,
    /// What decided the route.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// What helps to act on it.
    pub details: Value,
    /// The same for what is the same trouble.
    pub fingerprint: String,
    /// Whether it tells that the trouble is over.
    pub resolved: bool,
    /// Whether an earlier run raised it.
    pub late: bool,
}

impl MemoryChannel {
    /// A channel of this name.
    ///
    /// ```
    /// use monitor_runtime::AlertChannel;
    /// use monitor_runtime::testing::MemoryChannel;
    ///
    /// assert_eq!(MemoryChannel::new("pager").name(), "pager");
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            alerts: Arc::default(),
        }
    }

    /// What was delivered so far, in its order.
    ///
    /// ```
    /// use monitor_runtime::testing::MemoryChannel;
    ///
    /// assert_eq!(MemoryChannel::new("pager").alerts(), []);
    /// ```
    #[must_use]
    pub fn alerts(&self) -> Vec<SentAlert> {
        let alerts = self.alerts.lock();
        alerts.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl AlertChannel for MemoryChannel {
    fn name(&self) -> &str {
        &self.name
    }

    fn most_in_one(&self) -> usize {
        1_000
    }

    fn send(&self, alerts: &[AlertMessage<'_>]) -> Result<(), SendError> {
        let sent = alerts.iter().map(|alert| SentAlert {
            id: alert.id().to_owned(),
            severity: alert.severity(),
            message: alert.message().to_owned(),
            details: alert.details().clone(),
            fingerprint: alert.fingerprint().to_owned(),
            resolved: alert.is_resolved(),
            late: alert.is_late(),
        });
        let mut kept = self.alerts.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(sent);
        Ok(())
    }
}
