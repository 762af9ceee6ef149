//! An alert as a mail.

use lettre::{
    Address, Message,
    error::Error,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
};

use super::{
    Alert,
    text::{mail_body, subject},
};

/// The mail, from one sender to all recipients.
pub(super) fn mail(
    alert: &Alert,
    from: &Mailbox,
    to: &[Mailbox],
    subject_prefix: &str,
) -> Result<Message, Error> {
    let Alert {
        id,
        message,
        details,
        raised_at,
        ..
    } = alert;
    let mut builder = Message::builder()
        .from(from.clone())
        .subject(subject(subject_prefix, message))
        .date(*raised_at)
        .message_id(Some(message_id(id, &from.email)))
        .header(ContentType::TEXT_PLAIN)
        // So that no absence note comes back.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    for to in to {
        builder = builder.to(to.clone());
    }
    builder.body(mail_body(message, details))
}

/// The same for every attempt, so that a mail sent twice is recognised as one.
fn message_id(id: &str, from: &Address) -> String {
    let illegal = |c: char| !c.is_ascii_alphanumeric() && c != '-';
    let id = id.replace(illegal, ".");
    format!("<{}@{}>", id.trim_matches('.'), from.domain())
}

#[cfg(test)]
#[path = "mail_tests.rs"]
mod tests;
