//! The settings in force: monitor.toml, with the environment above it.

use monitor_config::{Alerts, Channel};

use super::{
    email_settings::EmailSettings,
    environment::{Environment, ReadVariable, SettingsError},
    routes::Routes,
    webhook_url::WebhookUrl,
};

/// The alert settings of a run: checked, complete, and safe to print.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(super) email: Option<EmailSettings>,
    pub(super) slack: Option<SlackSettings>,
    routes: Routes,
}

/// What it takes to post to Slack.
#[derive(Clone, Debug)]
pub(super) struct SlackSettings {
    pub(super) webhook: WebhookUrl,
}

impl Settings {
    /// Reads monitor.toml's `[alerts]` and the environment; the environment wins.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, each with the variable or key to mend. What
    /// belongs to a channel that is off is not looked at.
    pub(crate) fn resolve(
        file: &Alerts,
        pipeline_name: &str,
        read: ReadVariable<'_>,
    ) -> Result<Self, Vec<SettingsError>> {
        let mut environment = Environment::new(read);
        let subject_prefix = match &file.subject_prefix {
            Some(prefix) => prefix.trim().to_owned(),
            None => format!("[{pipeline_name}]"),
        };
        let email = EmailSettings::resolve(&file.email, subject_prefix, &mut environment);
        let slack = SlackSettings::resolve(&file.slack, &mut environment);
        let errors = environment.into_errors();
        if !errors.is_empty() {
            return Err(errors);
        }
        let routes = Routes::new(file, |channel| match channel {
            Channel::Email => email.is_some(),
            Channel::Slack => slack.is_some(),
            _ => false,
        });
        Ok(Self {
            email,
            slack,
            routes,
        })
    }

    /// Whether alerts reach only the log, so that no worker is needed.
    pub(crate) fn is_log_only(&self) -> bool {
        self.email.is_none() && self.slack.is_none()
    }

    /// Where alerts go.
    #[cfg(feature = "__worker")]
    pub(crate) fn routes(&self) -> &Routes {
        &self.routes
    }

    /// One line for the start of a run: which channels are on, to whom, and the
    /// routes. Without secrets.
    pub(crate) fn describe(&self) -> String {
        if self.is_log_only() {
            return "no channel is on, so even critical alerts reach only the log \
                    (ALERT_EMAIL_ENABLED=true or ALERT_SLACK_ENABLED=true switches one on)"
                .to_owned();
        }
        let email = self.email.as_ref().map(|email| {
            let EmailSettings { to, host, port, .. } = email;
            format!("e-mail to {} by {host}:{port}; ", to.value.join(", "))
        });
        let slack = self
            .slack
            .as_ref()
            .map(|slack| format!("Slack at {}; ", slack.webhook.host));
        format!(
            "{}{}{}",
            email.unwrap_or_default(),
            slack.unwrap_or_default(),
            self.routes
        )
    }
}

impl SlackSettings {
    fn resolve(file: &monitor_config::Slack, environment: &mut Environment<'_>) -> Option<Self> {
        if !environment
            .switch("ALERT_SLACK_ENABLED")
            .or(file.enabled)
            .unwrap_or(false)
        {
            return None;
        }
        if cfg!(not(feature = "slack")) {
            environment.reject_missing_feature("ALERT_SLACK_ENABLED", "slack");
        }
        let Some(text) = environment.text("SLACK_WEBHOOK_URL") else {
            environment.reject(
                "SLACK_WEBHOOK_URL",
                "is not set, but alerts to Slack are on",
            );
            return None;
        };
        match WebhookUrl::parse(&text, &file.hosts) {
            Ok(webhook) => Some(Self { webhook }),
            Err(reason) => {
                environment.reject("SLACK_WEBHOOK_URL", reason);
                None
            }
        }
    }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
