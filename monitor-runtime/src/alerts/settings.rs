//! The settings in force: monitor.toml, with the environment above it.

use monitor_config::Alerts;

use super::{
    email_settings::EmailSettings,
    environment::{Environment, ReadVariable, SettingsError},
    posted_settings::{AlertmanagerSettings, SlackSettings, WebhookSettings},
    registered::Registered,
    routes::Routes,
    webhook_url::WebhookUrl,
};

/// A shorter secret turns up in texts that have nothing to do with it, in bytes.
const SECRET_MIN: usize = 6;

/// The alert settings of a run: checked, complete, and safe to print.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(super) email: Option<EmailSettings>,
    pub(super) slack: Option<SlackSettings>,
    pub(super) webhook: Option<WebhookSettings>,
    pub(super) alertmanager: Option<AlertmanagerSettings>,
    pub(super) own: Registered,
    routes: Routes,
}

impl Settings {
    /// Reads monitor.toml's `[alerts]` and the environment; the environment wins. `own` are
    /// the program's channels.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, each with the variable or key to mend. What
    /// belongs to a channel that is off is not looked at.
    pub(crate) fn resolve(
        file: &Alerts,
        pipeline_name: &str,
        own: Registered,
        read: ReadVariable<'_>,
    ) -> Result<Self, Vec<SettingsError>> {
        let mut environment = Environment::new(read);
        let subject_prefix = match &file.subject_prefix {
            Some(prefix) => prefix.trim().to_owned(),
            None => format!("[{pipeline_name}]"),
        };
        let email = EmailSettings::resolve(&file.email, subject_prefix, &mut environment);
        let slack = SlackSettings::resolve(&file.slack, &mut environment);
        let webhook = WebhookSettings::resolve(&file.webhook, pipeline_name, &mut environment);
        let alertmanager =
            AlertmanagerSettings::resolve(&file.alertmanager, pipeline_name, &mut environment);
        own.check(file, &mut environment);
        let errors = environment.into_errors();
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut settings = Self {
            email,
            slack,
            webhook,
            alertmanager,
            own,
            routes: Routes::new(file, |_| false),
        };
        let on = settings.on();
        let original = ["email", "slack"];
        let further: Vec<String> = on
            .iter()
            .filter(|channel| !original.contains(&channel.as_str()))
            .cloned()
            .collect();
        settings.routes =
            Routes::with_further(file, &further, |channel| on.iter().any(|on| on == channel));
        Ok(settings)
    }

    /// No channel at all.
    pub(crate) fn log_only() -> Self {
        Self {
            email: None,
            slack: None,
            webhook: None,
            alertmanager: None,
            own: Registered::default(),
            routes: Routes::new(&Alerts::default(), |_| false),
        }
    }

    /// What must not stand in any text: passwords, keys, and the paths of addresses.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let addresses = [
            self.slack.as_ref().map(|slack| &slack.webhook),
            self.webhook.as_ref().map(|webhook| &webhook.webhook),
        ];
        let paths = addresses.into_iter().flatten().map(WebhookUrl::path);
        let password = self.email.as_ref().map(|email| email.password.expose());
        let key = self.webhook.as_ref().map(|webhook| webhook.key.expose());
        paths
            .chain(password)
            .chain(key)
            .filter(|secret| secret.len() >= SECRET_MIN)
            .map(str::to_owned)
            .collect()
    }

    /// The names of the channels that are on.
    fn on(&self) -> Vec<String> {
        let built_in = [
            ("email", self.email.is_some()),
            ("slack", self.slack.is_some()),
            ("webhook", self.webhook.is_some()),
            ("alertmanager", self.alertmanager.is_some()),
        ];
        let on = built_in.into_iter().filter(|(_, on)| *on);
        on.map(|(name, _)| name)
            .chain(self.own.names())
            .map(str::to_owned)
            .collect()
    }

    /// Whether alerts reach only the log, so that no worker is needed.
    pub(crate) fn is_log_only(&self) -> bool {
        self.on().is_empty()
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
        let mut line = String::new();
        if let Some(EmailSettings { to, host, port, .. }) = &self.email {
            let to = to.value.join(", ");
            line += &format!("e-mail to {to} by {host}:{port}, account and password ***; ");
        }
        if let Some(slack) = &self.slack {
            line += &format!("Slack at {}/***; ", slack.webhook.host);
        }
        if let Some(webhook) = &self.webhook {
            line += &format!("webhook at {}/***, signed; ", webhook.webhook.host);
        }
        if let Some(alertmanager) = &self.alertmanager {
            line += &format!("Alertmanager at {}; ", alertmanager.base.host);
        }
        let own: Vec<&str> = self.own.names().collect();
        if !own.is_empty() {
            line += &format!("the program's own {}; ", own.join(", "));
        }
        line += &self.routes.to_string();
        for channel in self.on() {
            if !self.routes.lead_to(&channel) {
                line += &format!("; no route leads to {channel}");
            }
        }
        line
    }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
