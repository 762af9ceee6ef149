//! The settings of the channels that post to an address.

use super::{
    environment::Environment,
    secret::Secret,
    webhook_url::{Service, WebhookUrl},
};

/// What it takes to post to Slack.
#[derive(Clone, Debug)]
pub(super) struct SlackSettings {
    pub(super) webhook: WebhookUrl,
}

/// What it takes to post signed messages.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "webhook"),
    expect(dead_code, reason = "only the sender needs all of it")
)]
pub(super) struct WebhookSettings {
    pub(super) webhook: WebhookUrl,
    pub(super) key: Secret,
    pub(super) pipeline: String,
}

/// What it takes to tell an Alertmanager.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "alertmanager"),
    expect(dead_code, reason = "only the sender needs all of it")
)]
pub(super) struct AlertmanagerSettings {
    pub(super) base: WebhookUrl,
    pub(super) pipeline: String,
}

impl SlackSettings {
    pub(super) fn resolve(
        file: &monitor_config::Slack,
        environment: &mut Environment<'_>,
    ) -> Option<Self> {
        if !is_on("ALERT_SLACK_ENABLED", file.enabled, environment) {
            return None;
        }
        if cfg!(not(feature = "slack")) {
            environment.reject_missing_feature("ALERT_SLACK_ENABLED", "slack");
        }
        let webhook = address(Service::Slack, &file.hosts, environment)?;
        Some(Self { webhook })
    }
}

impl WebhookSettings {
    pub(super) fn resolve(
        file: &monitor_config::Webhook,
        pipeline: &str,
        environment: &mut Environment<'_>,
    ) -> Option<Self> {
        if !is_on("ALERT_WEBHOOK_ENABLED", file.enabled, environment) {
            return None;
        }
        if cfg!(not(feature = "webhook")) {
            environment.reject_missing_feature("ALERT_WEBHOOK_ENABLED", "webhook");
        }
        let webhook = address(Service::Webhook, &file.hosts, environment);
        let key = environment.secret("ALERT_WEBHOOK_SECRET");
        if key.is_none() {
            environment.reject(
                "ALERT_WEBHOOK_SECRET",
                "is not set, but alerts to a webhook are on, and each message is signed with it",
            );
        }
        Some(Self {
            webhook: webhook?,
            key: key?,
            pipeline: pipeline.to_owned(),
        })
    }
}

impl AlertmanagerSettings {
    pub(super) fn resolve(
        file: &monitor_config::Alertmanager,
        pipeline: &str,
        environment: &mut Environment<'_>,
    ) -> Option<Self> {
        if !is_on("ALERT_ALERTMANAGER_ENABLED", file.enabled, environment) {
            return None;
        }
        if cfg!(not(feature = "alertmanager")) {
            environment.reject_missing_feature("ALERT_ALERTMANAGER_ENABLED", "alertmanager");
        }
        Some(Self {
            base: address(Service::Alertmanager, &file.hosts, environment)?,
            pipeline: pipeline.to_owned(),
        })
    }
}

fn is_on(variable: &'static str, file: Option<bool>, environment: &mut Environment<'_>) -> bool {
    environment.switch(variable).or(file).unwrap_or(false)
}

fn address(
    service: Service,
    hosts: &[String],
    environment: &mut Environment<'_>,
) -> Option<WebhookUrl> {
    let variable = service.variable();
    let Some(text) = environment.text(variable) else {
        let reason = format!("is not set, but alerts to {} are on", service.shown());
        environment.reject(variable, reason);
        return None;
    };
    match WebhookUrl::parse(&text, service, hosts) {
        Ok(address) => Some(address),
        Err(reason) => {
            environment.reject(variable, reason);
            None
        }
    }
}
