//! `[alerts]` and the tables of its channels.

use toml_span::Value;

use crate::check::{self, is_secret, one_line};
use crate::problem::Problems;
use crate::section::Section;
use crate::spelling::quoted;
use crate::{Alerts, Channel, Email, Slack};

pub(super) fn read<'a>(value: &'a Value<'a>, problems: &mut Problems<'_>) -> Alerts {
    let Some(mut table) = Section::open("[alerts]".to_owned(), value, problems) else {
        return Alerts::default();
    };
    let alerts = Alerts {
        critical: route(&mut table, "critical"),
        warning: route(&mut table, "warning"),
        info: route(&mut table, "info"),
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
    };
    table.close(|key, _| secret(key, "[alerts]", "EMAIL_PASS or SLACK_WEBHOOK_URL"));
    alerts
}

fn route(table: &mut Section<'_, '_>, key: &'static str) -> Option<Vec<Channel>> {
    let mut seen = Vec::new();
    table.list(key, "slack", |text| {
        let channel = Channel::parse(text)?;
        if seen.contains(&channel) {
            return Err(format!("`{channel}` stands twice: remove one of the two"));
        }
        seen.push(channel);
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
    let Some(mut table) = Section::open("[alerts.slack]".to_owned(), value, problems) else {
        return Slack::default();
    };
    let slack = Slack {
        enabled: table.flag("enabled"),
        hosts: table
            .list("hosts", "chat.example.org", |text| {
                check::host(text, "chat.example.org")
            })
            .unwrap_or_default(),
    };
    table.close(|key, _| secret(key, "[alerts.slack]", "SLACK_WEBHOOK_URL"));
    slack
}

/// What to do instead of writing a secret into the file.
fn secret(key: &str, table: &str, variable: &str) -> Option<String> {
    is_secret(key).then(|| {
        format!(
            "`{}` in {table} is a secret, and secrets are only read from the environment: \
             remove this line and set the variable {variable}",
            quoted(key)
        )
    })
}
