//! Alerts to an address of one's own, signed. The format is in the documentation of
//! [`crate::webhook_format`].

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use ring::hmac;
use serde_json::{Value, json};

use super::{
    Alert,
    channel::{Attempt, Channel},
    environment::SettingsError,
    http::Post,
    posted_settings::WebhookSettings,
    text::{bounded, pretty},
};
use crate::logs::timestamp::Timestamp;

/// The version of the body's format.
const SCHEMA: u64 = 1;
/// Alerts in one message at most.
const MOST_IN_ONE: usize = 50;
/// What an alert consists of at most, in bytes. The outbox, from where it may come, is a file
/// that anybody can have written to.
const ID_MAX: usize = 200;
const MESSAGE_MAX: usize = 16 * 1024;
const DETAILS_MAX: usize = 64 * 1024;

/// Posts to one address.
pub(super) struct Webhook {
    post: Post,
    key: hmac::Key,
    pipeline: String,
}

impl Webhook {
    pub(super) fn new(settings: &WebhookSettings) -> Result<Self, SettingsError> {
        Ok(Self {
            post: Post::new(&settings.webhook, "the webhook", "")?,
            key: hmac::Key::new(hmac::HMAC_SHA256, settings.key.expose().as_bytes()),
            pipeline: settings.pipeline.clone(),
        })
    }
}

impl Channel for Webhook {
    fn name(&self) -> &str {
        "webhook"
    }

    fn most_in_one(&self) -> usize {
        MOST_IN_ONE
    }

    fn deliver<'a>(&'a self, alerts: &'a [Arc<Alert>]) -> Attempt<'a> {
        let body = body(&self.pipeline, alerts).to_string();
        let now = SystemTime::now();
        let timestamp = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let timestamp = timestamp.to_string();
        let signature = signature(&self.key, &timestamp, &body);
        let headers = [
            ("X-Monitor-Timestamp", timestamp),
            ("X-Monitor-Signature", signature),
        ];
        Box::pin(async move { self.post.json(&headers, body).await })
    }
}

/// `sha256=` and the HMAC of timestamp, full stop and body, in hexadecimal digits.
fn signature(key: &hmac::Key, timestamp: &str, body: &str) -> String {
    let mut context = hmac::Context::with_key(key);
    for part in [timestamp, ".", body] {
        context.update(part.as_bytes());
    }
    let mut text = "sha256=".to_owned();
    for byte in context.sign().as_ref() {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

pub(super) fn body(pipeline: &str, alerts: &[Arc<Alert>]) -> Value {
    let alerts: Vec<Value> = alerts.iter().map(|alert| entry(alert)).collect();
    json!({
        "schema": SCHEMA,
        "pipeline": pipeline,
        "alerts": alerts,
    })
}

fn entry(alert: &Alert) -> Value {
    json!({
        "id": bounded(&alert.id, ID_MAX),
        "fingerprint": bounded(&alert.fingerprint, MESSAGE_MAX),
        "severity": alert.severity.to_string().to_lowercase(),
        "message": bounded(&alert.message, MESSAGE_MAX),
        "raised_at": Timestamp::of(alert.raised_at).to_string(),
        "resolved": alert.resolved,
        "late": alert.late,
        "details": details(&alert.details),
    })
}

/// The details, or their beginning as a text where they are too long.
fn details(details: &Value) -> Value {
    if details.is_null() {
        return json!({});
    }
    if details.to_string().len() <= DETAILS_MAX {
        return details.clone();
    }
    json!({ "cut": bounded(&pretty(details), DETAILS_MAX) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::Severity;

    #[test]
    fn the_signature_is_what_other_libraries_make_of_it() {
        // printf '1770000000.{"a":1}' | openssl dgst -sha256 -hmac k33p-me-out
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"k33p-me-out");
        assert_eq!(
            signature(&key, "1770000000", "{\"a\":1}"),
            "sha256=255670ccbe11714471a6aef48bb8d765247b4c7e71f2d5bef0c41f3dab096030"
        );
        assert!(!format!("{key:?}").contains("k33p"));
    }

    #[test]
    fn the_body_is_as_documented() {
        let details = json!({"stage": "NBA-17", "error": {"code": 503}});
        let mut alert = Alert::new("0197-1".into(), Severity::Critical, "failed", details);
        alert.raised_at = UNIX_EPOCH;
        alert.late = true;
        assert_eq!(
            body("nba_pipeline", &[Arc::new(alert)]),
            json!({
                "schema": 1,
                "pipeline": "nba_pipeline",
                "alerts": [{
                    "id": "0197-1",
                    "fingerprint": "failed",
                    "severity": "critical",
                    "message": "failed",
                    "raised_at": "1970-01-01T00:00:00.000000Z",
                    "resolved": false,
                    "late": true,
                    "details": {"stage": "NBA-17", "error": {"code": 503}},
                }],
            })
        );
    }

    #[test]
    fn a_body_has_a_limit() {
        let huge = "🚨".repeat(300_000);
        let alert = Alert::new(huge.clone(), Severity::Info, &huge, json!({ "dump": huge }));
        let alert = Alert {
            id: "1".into(),
            ..alert
        };
        let entry = entry(&alert);
        assert!(entry["details"]["cut"].as_str().unwrap().ends_with("(cut)"));
        assert!(entry.to_string().len() < 2 * MESSAGE_MAX + DETAILS_MAX + 20_000);
    }
}
