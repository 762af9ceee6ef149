//! What a person is told.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use monitor_config::Severity;
use serde_json::{Value, json};

/// Something that a person should know about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alert {
    /// Unique among all runs, and the same for every attempt to deliver: mail
    /// programs recognise a repeated message by it.
    pub(crate) id: String,
    /// Decides the route.
    pub(crate) severity: Severity,
    /// One sentence.
    pub(crate) message: String,
    /// Whatever helps to act on it.
    pub(crate) details: Value,
    /// When it was raised, which may be well before it is delivered.
    pub(crate) raised_at: SystemTime,
    /// Tells what is the same trouble from what is another: stage, rule and error text,
    /// without what differs each time.
    pub(crate) fingerprint: String,
    /// It tells that the trouble is over.
    pub(crate) resolved: bool,
    /// The channels that it is for; empty for those of its severity.
    pub(crate) channels: Vec<String>,
    /// An earlier run raised it and did not deliver it.
    pub(crate) late: bool,
}

impl Alert {
    /// An alert of this moment, for the channels of its severity.
    pub(crate) fn new(id: String, severity: Severity, message: &str, details: Value) -> Self {
        Self {
            id,
            severity,
            message: message.to_owned(),
            details,
            raised_at: SystemTime::now(),
            fingerprint: message.to_owned(),
            resolved: false,
            channels: Vec::new(),
            late: false,
        }
    }

    /// For the outbox.
    pub(crate) fn to_json(&self) -> Value {
        let raised = self
            .raised_at
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        json!({
            "id": self.id,
            "severity": self.severity.to_string(),
            "message": self.message,
            "details": self.details,
            "raised_at": raised.as_secs_f64(),
            "fingerprint": self.fingerprint,
            "resolved": self.resolved,
            "channels": self.channels,
        })
    }

    /// From the outbox, where an earlier run left it. `None` for what is none.
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let raised = Duration::try_from_secs_f64(value["raised_at"].as_f64()?).ok()?;
        let channels = value["channels"].as_array()?.iter();
        Some(Self {
            id: text("id")?,
            severity: severity(value["severity"].as_str()?)?,
            message: text("message")?,
            details: value["details"].clone(),
            raised_at: UNIX_EPOCH.checked_add(raised)?,
            fingerprint: text("fingerprint")?,
            resolved: value["resolved"].as_bool()?,
            channels: channels
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            late: true,
        })
    }
}

fn severity(text: &str) -> Option<Severity> {
    let all = [Severity::Critical, Severity::Warning, Severity::Info];
    all.into_iter()
        .find(|severity| severity.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_comes_back_from_the_outbox_as_late() {
        let mut alert = Alert::new(
            "1-2".to_owned(),
            Severity::Warning,
            "NBA-17 failed: \"<b>\"\n",
            json!({"stage": "NBA-17", "error": {"code": 503}}),
        );
        alert.raised_at = UNIX_EPOCH + Duration::from_millis(1_770_000_000_500);
        alert.channels = vec!["slack".to_owned()];
        alert.resolved = true;
        let back = Alert::from_json(&alert.to_json());
        alert.late = true;
        assert_eq!(back, Some(alert));
        assert_eq!(Alert::from_json(&json!({"id": "1"})), None);
        assert_eq!(Alert::from_json(&Value::Null), None);
    }
}
