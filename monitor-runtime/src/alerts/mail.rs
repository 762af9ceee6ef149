//! Alerts as a mail.

use std::{sync::Arc, time::SystemTime};

use lettre::{
    Address, Message,
    error::Error,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use super::{
    Alert,
    digest::Digest,
    html,
    text::{plain_text, subject, text_within},
};
use crate::logs::timestamp::Timestamp;

/// The parts of an alert that is alone in its HTML at most, in bytes.
const MESSAGE_MAX: usize = 64 * 1024;
const DETAILS_MAX: usize = 192 * 1024;
/// An alert's id at most: one header's line has room for two.
const ID_MAX: usize = 200;
/// Kinds of alerts in one mail that are shown, and the parts of each.
const KINDS_MAX: usize = 50;
const MESSAGE_MAX_OF_MANY: usize = 2 * 1024;
const DETAILS_MAX_OF_MANY: usize = 4 * 1024;

/// The mail, from one sender to all recipients.
pub(super) fn mail(
    alerts: &[Arc<Alert>],
    from: &Mailbox,
    to: &[Mailbox],
    subject_prefix: &str,
) -> Result<Message, Error> {
    let Content {
        subject,
        text,
        html,
    } = match alerts {
        [alert] => of_one(alert, subject_prefix),
        alerts => of_many(alerts, subject_prefix),
    };
    let raised = alerts.iter().map(|alert| alert.raised_at);
    let mut builder = Message::builder()
        .from(from.clone())
        .subject(subject)
        .date(raised.max().unwrap_or_else(SystemTime::now))
        .message_id(Some(message_id(alerts, &from.email)))
        // So that no absence note comes back.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    for to in to {
        builder = builder.to(to.clone());
    }
    builder.multipart(MultiPart::alternative_plain_html(text, html))
}

struct Content {
    subject: String,
    text: String,
    html: String,
}

fn of_one(alert: &Alert, prefix: &str) -> Content {
    let kind = match (alert.resolved, alert.late) {
        (false, false) => "ALERT",
        (false, true) => "ALERT (late)",
        (true, false) => "RECOVERED",
        (true, true) => "RECOVERED (late)",
    };
    Content {
        subject: subject(prefix, kind, &alert.message),
        text: plain_text(alert),
        html: html::page(None, &[html::alert(alert, None, MESSAGE_MAX, DETAILS_MAX)]),
    }
}

fn of_many(alerts: &[Arc<Alert>], prefix: &str) -> Content {
    let digest = Digest::of(alerts);
    let title = digest.title();
    let mut text = format!("{title}\n\n");
    let mut shown = Vec::new();
    for group in digest.groups.iter().take(KINDS_MAX) {
        let alert = group.alert;
        let mut times = Timestamp::of(alert.raised_at).to_string();
        if group.count > 1 {
            times = format!(
                "× {}, {times} to {}",
                group.count,
                Timestamp::of(group.last)
            );
        }
        let (message_max, details_max) = (MESSAGE_MAX_OF_MANY, DETAILS_MAX_OF_MANY);
        let kind = super::text::kind(alert);
        let one = text_within(alert, message_max, details_max);
        text += &format!("{kind} {times}\n{one}\n");
        shown.push(html::alert(alert, Some(&times), message_max, details_max));
    }
    let left = digest.groups.len().saturating_sub(KINDS_MAX);
    if left > 0 {
        let note = format!("… and {left} more kinds of alerts, which the log has\n");
        text += &note;
        shown.push(format!("<p>{note}</p>\n"));
    }
    let first = digest.groups.first();
    let first = first.map_or("", |group| group.alert.message.as_str());
    Content {
        subject: subject(prefix, &format!("ALERT: {title}"), first),
        text,
        html: html::page(Some(&title), &shown),
    }
}

/// The same for every attempt, so that a mail sent twice is recognised as one.
fn message_id(alerts: &[Arc<Alert>], from: &Address) -> String {
    let legal = |id: &str| -> String {
        let ours = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let characters = id.chars().map(|c| if ours(c) { c } else { '_' });
        characters.take(ID_MAX).collect()
    };
    let mut id = alerts
        .first()
        .map_or(String::new(), |alert| legal(&alert.id));
    if let [_, .., last] = alerts {
        let number = last.id.rsplit('-').next().unwrap_or_default();
        id = format!("{id}-to-{}-{}", legal(number), alerts.len());
    }
    let domain = from.domain();
    format!("<alert-{id}@{domain}>")
}

#[cfg(test)]
#[path = "mail_tests.rs"]
mod tests;
