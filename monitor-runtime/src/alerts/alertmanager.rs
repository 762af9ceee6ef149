//! Alerts to a Prometheus Alertmanager, by version 2 of its API.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};

use super::{
    Alert,
    channel::{Attempt, Channel},
    environment::SettingsError,
    facts::facts,
    http::Post,
    posted_settings::AlertmanagerSettings,
    text::{bounded, one_line, without_controls},
};
use crate::logs::timestamp::Timestamp;

/// Alerts in one request at most.
const MOST_IN_ONE: usize = 64;
/// How long an alert stands that nobody resolves. Alertmanager's own five minutes are meant
/// for those who repeat themselves; ours are raised once.
const STANDS_FOR: Duration = Duration::from_secs(24 * 3600);
/// What routes and groups go by has one name for all: the stage tells them apart.
const ALERT_NAME: &str = "PipelineAlert";
/// A label and an annotation at most, in bytes.
const LABEL_MAX: usize = 200;
const ANNOTATION_MAX: usize = 4 * 1024;

/// Tells one Alertmanager.
pub(super) struct Alertmanager {
    post: Post,
    pipeline: String,
}

impl Alertmanager {
    pub(super) fn new(settings: &AlertmanagerSettings) -> Result<Self, SettingsError> {
        Ok(Self {
            post: Post::new(&settings.base, "Alertmanager", "/api/v2/alerts")?,
            pipeline: settings.pipeline.clone(),
        })
    }
}

impl Channel for Alertmanager {
    fn name(&self) -> &str {
        "alertmanager"
    }

    fn most_in_one(&self) -> usize {
        MOST_IN_ONE
    }

    fn deliver<'a>(&'a self, alerts: &'a [Arc<Alert>]) -> Attempt<'a> {
        let body = body(&self.pipeline, alerts, SystemTime::now()).to_string();
        Box::pin(async move { self.post.json(&[], body).await })
    }
}

/// Of alerts with the same labels the last counts: what failed and works again must not end
/// as a failure.
pub(super) fn body(pipeline: &str, alerts: &[Arc<Alert>], now: SystemTime) -> Value {
    let mut latest: BTreeMap<String, &Alert> = BTreeMap::new();
    for alert in alerts {
        let key = labels(pipeline, alert).to_string();
        let known = latest.entry(key).or_insert(alert);
        if known.raised_at <= alert.raised_at {
            *known = alert;
        }
    }
    let entries = latest
        .into_values()
        .map(|alert| entry(pipeline, alert, now));
    Value::Array(entries.collect())
}

fn entry(pipeline: &str, alert: &Alert, now: SystemTime) -> Value {
    let ends_at = if alert.resolved {
        alert.raised_at
    } else {
        // One that comes late must not have ended when it comes.
        alert.raised_at.max(now) + STANDS_FOR
    };
    json!({
        "labels": labels(pipeline, alert),
        "annotations": annotations(alert),
        "startsAt": Timestamp::of(alert.raised_at).to_string(),
        "endsAt": Timestamp::of(ends_at).to_string(),
    })
}

/// What an alert is known by. A recovery ends the alert that has the same: so nothing is in
/// here that differs from call to call, such as run and error.
fn labels(pipeline: &str, alert: &Alert) -> Value {
    let mut labels = json!({
        "alertname": ALERT_NAME,
        "severity": alert.severity.to_string().to_lowercase(),
        "pipeline": label(pipeline),
        "fingerprint": format!("{:016x}", fnv(&alert.fingerprint)),
    });
    for key in ["stage", "function"] {
        // An empty label is none.
        let text = alert.details.get(key).and_then(Value::as_str);
        if let Some(text) = text.map(label).filter(|text| !text.is_empty()) {
            labels[key] = text.into();
        }
    }
    labels
}

fn annotations(alert: &Alert) -> Value {
    let text = |text: &str| bounded(&without_controls(text), ANNOTATION_MAX);
    let mut annotations = json!({ "summary": text(&alert.message) });
    let (facts, rest) = facts(&alert.details);
    for fact in facts {
        let name = fact.label.to_lowercase().replace(' ', "_");
        annotations[name] = text(&fact.text).into();
    }
    if !super::facts::is_empty(&rest) {
        annotations["details"] = text(&rest.to_string()).into();
    }
    if alert.late {
        annotations["late"] = "raised by an earlier run, which could not deliver it".into();
    }
    annotations
}

fn label(text: &str) -> String {
    let mut text = one_line(&[text.trim()]);
    while text.len() > LABEL_MAX {
        text.pop();
    }
    text
}

/// FNV-1a: the same for the same text in each run.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
#[path = "alertmanager_tests.rs"]
mod tests;
