//! `[alerts]` and the tables of its channels.

use toml_span::Value;

use crate::check::{self, is_secret, one_line};
use crate::problem::Problems;
use crate::section::Section;
use crate::spelling::quoted;
use crate::{Alertmanager, Alerts, Email, Slack, Webhook, own_channel, route_to};

pub(super) fn read<'a>(value: &'a Value<'a>, problems: &mut Problems<'_>) -> Alerts {
    let Some(mut table) = Section::open("[alerts]".to_owned(), value, problems) else {
        return Alerts::default();
    };
    // First, since routes may name them.
    let channels = names(&mut table, "channels", "pager", own_channel).unwrap_or_default();
    let mut route = |key| names(&mut table, key, "slack", |text| route_to(text, &channels));
    let (critical, warning, info) = (route("critical"), route("warning"), route("info"));
    let alerts = Alerts {
        critical,
        warning,
        info,
        channels,
        // An empty prefix means a subject without one.
        subject_prefix: table.checked_text("subject_prefix", "[NBA-Analytics]", one_line),
        email: table
            .take("email")
            .map(|value| email(value, table.problems()))
            .unwrap_or_default(),
        slack: table
            .take("slack")
            .map(|value| slack(value, table.problems()))
            .unwrap_or_default(),
        webhook: table
            .take("webhook")
            .map(|value| webhook(value, table.problems()))
            .unwrap_or_default(),
        alertmanager: table
            .take("alertmanager")
            .map(|value| alertmanager(value, table.problems()))
            .unwrap_or_default(),
    };
    table.close(|key, _| {
        secret(
            key,
            "[alerts]",
            "EMAIL_PASS, SLACK_WEBHOOK_URL or ALERT_WEBHOOK_SECRET",
        )
    });
    alerts
}

/// Names of channels, none of them twice.
pub(super) fn names(
    table: &mut Section<'_, '_>,
    key: &'static str,
    example: &str,
    rule: impl Fn(&str) -> Result<String, String>,
) -> Option<Vec<String>> {
    let mut seen = Vec::new();
    table.list(key, example, |text| {
        let channel = rule(text)?;
        if seen.contains(&channel) {
            return Err(format!("`{channel}` stands twice: remove one of the two"));
        }
        seen.push(channel.clone());
        Ok(channel)
    })
}

fn email<'a>(value: &'a Value<'a>, problems: &mut Problems<'_>) -> Email {
    let Some(mut table) = Section::open("[alerts.email]".to_owned(), value, problems) else {
        return Email::default();
    };
    let email = Email {
        enabled: table.flag("enabled"),
        to: table
            .list("to", "data@example.org", check::address)
            .unwrap_or_default(),
        from: table.checked_text("from", "monitor@example.org", check::address),
        user: table.text("user", "monitor@example.org"),
        host: table.checked_text("host", "smtp.gmail.com", |text| {
            // `SMTP_HOST` holds both in one, and is the place to copy from.
            check::host(text, "smtp.gmail.com")
                .map_err(|message| message + " (the port has its own key, `port`)")
        }),
        port: table.integer(
            "port",
            587,
            |port| (port > 0).then_some(port),
            "from 1 to 65535",
        ),
        ca_file: table.text("ca_file", "certs/ca.pem"),
    };
    table.close(|key, _| secret(key, "[alerts.email]", "EMAIL_PASS"));
    email
}

fn slack<'a>(value: &'a Value<'a>, problems: &mut Problems<'_>) -> Slack {
    let (enabled, hosts) = switch_and_hosts("[alerts.slack]", "SLACK_WEBHOOK_URL", value, problems);
    Slack { enabled, hosts }
}

fn webhook<'a>(value: &'a Value<'a>, problems: &mut Problems<'_>) -> Webhook {
    let variables = "ALERT_WEBHOOK_URL or ALERT_WEBHOOK_SECRET";
    // The address itself is what comes to mind here.
    if value.as_str().is_some() {
        problems.add(
            value.span.start,
            is_for_environment("webhook", "[alerts]", variables),
        );
        return Webhook::default();
    }
    let (enabled, hosts) = switch_and_hosts("[alerts.webhook]", variables, value, problems);
    Webhook { enabled, hosts }
}

fn alertmanager<'a>(value: &'a Value<'a>, problems: &mut Problems<'_>) -> Alertmanager {
    let (enabled, hosts) =
        switch_and_hosts("[alerts.alertmanager]", "ALERTMANAGER_URL", value, problems);
    Alertmanager { enabled, hosts }
}

/// All that a channel with an address in the environment has here.
fn switch_and_hosts<'a>(
    name: &str,
    variable: &str,
    value: &'a Value<'a>,
    problems: &mut Problems<'_>,
) -> (Option<bool>, Vec<String>) {
    let Some(mut table) = Section::open(name.to_owned(), value, problems) else {
        return (None, Vec::new());
    };
    let enabled = table.flag("enabled");
    let hosts = table.list("hosts", "chat.example.org", |text| {
        check::host(text, "chat.example.org")
    });
    table.close(|key, _| secret(key, name, variable));
    (enabled, hosts.unwrap_or_default())
}

/// What to do instead of writing a secret into the file.
fn secret(key: &str, table: &str, variable: &str) -> Option<String> {
    is_secret(key).then(|| is_for_environment(key, table, variable))
}

fn is_for_environment(key: &str, table: &str, variable: &str) -> String {
    format!(
        "`{}` in {table} is a secret, and secrets are only read from the environment: \
         remove this line and set the variable {variable}",
        quoted(key)
    )
}
