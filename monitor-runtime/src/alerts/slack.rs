//! Alerts to Slack, through an incoming webhook.

use std::{error::Error as _, sync::Arc, time::Duration};

use reqwest::{Client, Response, StatusCode, Url, header, redirect};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt as _;
use serde_json::{Value, json};

use super::{
    Alert,
    channel::{Attempt, Channel, Failure},
    environment::SettingsError,
    mrkdwn::{escaped, fenced},
    pace::Pace,
    text::{headline, pretty},
    webhook_url::WebhookUrl,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// One attempt at most, so that a second one fits into the wait at a run's end.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(10);
/// Slack's limits, in characters.
const TEXT_MAX: usize = 40_000;
const BLOCK_MAX: usize = 3_000;
/// A value in the line of small print.
const CONTEXT_MAX: usize = 200;
/// As much of an answer as is read: Slack's are one word.
const ANSWER_MAX: usize = 256;

/// Posts to one webhook. Redirects are not followed, so the secret path goes to
/// the host that was checked and to no other.
///
/// A proxy is used where `HTTPS_PROXY` or `ALL_PROXY` names one (it sees the
/// host, not the path), and never for this machine itself.
pub(super) struct Slack {
    client: Client,
    url: Url,
}

impl Slack {
    pub(super) fn new(webhook: &WebhookUrl) -> Result<Self, SettingsError> {
        let error = |reason: String| SettingsError::new("SLACK_WEBHOOK_URL", reason);
        let url = Url::parse(webhook.address.expose())
            .map_err(|problem| error(format!("is not a valid address: {problem}")))?;
        // Two parsers that disagree about the host are how such checks are bypassed.
        let host = url.host_str().unwrap_or_default();
        if host.trim_matches(['[', ']']) != webhook.host {
            return Err(error("has a host that can be read in two ways".into()));
        }
        let mut builder = Client::builder()
            .tls_backend_preconfigured(
                tls(webhook.encrypted).map_err(|problem| error(problem.to_string()))?,
            )
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            // Messages are rare, and a connection that went stale looks like a failure.
            .pool_max_idle_per_host(0);
        if webhook.loopback {
            builder = builder.no_proxy();
        }
        let client = builder
            .build()
            .map_err(|problem| error(chain(&problem.without_url())))?;
        Ok(Self { client, url })
    }

    async fn post(&self, alert: &Alert) -> Result<(), Failure> {
        let answer = self
            .client
            .post(self.url.clone())
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .body(payload(alert).to_string())
            .send()
            .await
            .map_err(|error| Failure::Retry {
                reason: chain(&error.without_url()),
                after: None,
            })?;
        let status = answer.status();
        if status == StatusCode::OK {
            return Ok(());
        }
        let after = retry_after(&answer);
        let reason = match first_line(answer).await {
            word if word.is_empty() => format!("Slack answered {status}"),
            word => format!("Slack answered {status}: {word}"),
        };
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            Err(Failure::Retry { reason, after })
        } else {
            Err(Failure::Dead { reason })
        }
    }
}

impl Channel for Slack {
    fn name(&self) -> &str {
        "slack"
    }

    /// What Slack documents for webhooks.
    fn pace(&self) -> Option<Pace> {
        Some(Pace {
            every: Duration::from_secs(1),
            burst: 3,
        })
    }

    fn deliver<'a>(&'a self, alerts: &'a [Arc<Alert>]) -> Attempt<'a> {
        Box::pin(async move {
            for alert in alerts {
                self.post(alert).await?;
            }
            Ok(())
        })
    }
}

/// TLS with its own provider, so that the process's default stays the program's
/// choice. Without encryption no certificates are loaded: a machine that has
/// none can still post to itself.
fn tls(encrypted: bool) -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    Ok(if encrypted {
        builder.with_platform_verifier()?.with_no_client_auth()
    } else {
        builder
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth()
    })
}

/// `text` is what notifications show, `blocks` what the channel shows.
fn payload(alert: &Alert) -> Value {
    let Alert {
        severity,
        message,
        details,
        ..
    } = alert;
    let title = format!("🚨 ALERT [{severity}]");
    let message = match message.trim() {
        // Slack refuses a block without text.
        "" => "(no message)",
        message => message,
    };
    let mut blocks = vec![
        json!({ "type": "header", "text": { "type": "plain_text", "text": title } }),
        section(&escaped(message, BLOCK_MAX)),
    ];
    let has_details = !matches!(details, Value::Null) && *details != json!({});
    if has_details {
        blocks.push(section(&fenced(&pretty(details), BLOCK_MAX)));
    }
    let mut context = format!("*Severity:* {severity}");
    for (label, key) in [("Stage", "stage"), ("Host", "host")] {
        if let Some(value) = details.get(key).and_then(Value::as_str) {
            let value = escaped(value, CONTEXT_MAX);
            context.push_str(&format!("  *{label}:* {value}"));
        }
    }
    blocks.push(json!({
        "type": "context",
        "elements": [{ "type": "mrkdwn", "text": context }],
    }));
    json!({
        "text": escaped(&headline(*severity, message), TEXT_MAX),
        "blocks": blocks,
        // Slack would otherwise fetch every address that stands in an error text.
        "unfurl_links": false,
        "unfurl_media": false,
    })
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } })
}

/// The wait in seconds that goes with 429, and often with 503.
fn retry_after(answer: &Response) -> Option<Duration> {
    let value = answer.headers().get(header::RETRY_AFTER)?;
    let seconds = value.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The word that says what was wrong, such as `invalid_payload` or `no_service`.
async fn first_line(mut answer: Response) -> String {
    let mut body = Vec::new();
    while body.len() < ANSWER_MAX {
        match answer.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    body.truncate(ANSWER_MAX);
    let text = String::from_utf8_lossy(&body);
    let line = text.lines().next().unwrap_or_default();
    line.chars().filter(|c| !c.is_control()).take(100).collect()
}

/// An error with its causes, from which the address was removed before.
fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

#[cfg(test)]
#[path = "slack_tests.rs"]
mod tests;
