//! What Slack shows: `text` in notifications, blocks in the channel.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Alert,
    digest::{Digest, Group},
    facts::{Fact, Shape, facts, is_empty},
    mrkdwn::{escaped, fenced, link},
    text::{kind, late, one_line, pretty, title},
};
use crate::logs::timestamp::Timestamp;

/// Slack's limits, in characters and in numbers; that of `text` is what it recommends.
const TEXT_MAX: usize = 4_000;
const HEADER_MAX: usize = 150;
const BLOCK_MAX: usize = 3_000;
const FIELD_MAX: usize = 400;
const FIELDS_MAX: usize = 10;
#[cfg(test)]
pub(super) const BLOCKS_MAX: usize = 50;
/// What is long beside the message.
const LONG_MAX: usize = 1_500;
/// A value in the line of small print.
const PLACE_MAX: usize = 200;
/// Kinds of alerts in a digest, and the characters that they share.
const KINDS_MAX: usize = 40;
const KINDS_ROOM: usize = 12_000;

/// One alert.
pub(super) fn message(alert: &Alert) -> Value {
    let mut blocks = vec![
        header(&kind(alert)),
        section(&escaped(message_of(alert), BLOCK_MAX)),
    ];
    if let Some(late) = late(alert) {
        blocks.push(context(&format!("⏰ {}", escaped(&late, PLACE_MAX))));
    }
    let (facts, rest) = facts(&alert.details);
    let of = |shape: Shape| facts.iter().filter(move |fact| fact.shape == shape);
    for Fact { label, text, .. } in of(Shape::Long) {
        blocks.push(section(&format!("*{label}*\n{}", fenced(text, LONG_MAX))));
    }
    let fields: Vec<Value> = of(Shape::Short).map(field).collect();
    for fields in fields.chunks(FIELDS_MAX) {
        blocks.push(json!({ "type": "section", "fields": fields }));
    }
    for Fact { label, text, .. } in of(Shape::Command) {
        blocks.push(section(&format!("*{label}*\n{}", fenced(text, LONG_MAX))));
    }
    if !is_empty(&rest) {
        blocks.push(section(&fenced(&pretty(&rest), BLOCK_MAX)));
    }
    let mut small = format!("*Severity:* {}", alert.severity);
    for Fact { label, text, .. } in of(Shape::Place) {
        let text = escaped(&one_line(&[text]), PLACE_MAX);
        small.push_str(&format!("  *{label}:* {text}"));
    }
    small.push_str(&format!("  *Raised:* {}", Timestamp::of(alert.raised_at)));
    blocks.push(context(&small));
    payload(&title(alert), blocks)
}

/// Several alerts that have waited.
pub(super) fn digest(alerts: &[Arc<Alert>]) -> Value {
    let digest = Digest::of(alerts);
    let title = format!("🚨 {}", digest.title());
    let mut blocks = vec![header(&title)];
    let shown = digest.groups.len().min(KINDS_MAX);
    let room = (KINDS_ROOM / shown.max(1)).min(BLOCK_MAX);
    for group in &digest.groups[..shown] {
        blocks.push(section(&one_of_many(group, room)));
    }
    let left = digest.groups.len() - shown;
    if left > 0 {
        blocks.push(context(&format!(
            "… and {left} more kinds of alerts, which the log has"
        )));
    }
    payload(&title, blocks)
}

/// What one group of a digest needs: what it is, how often and when, who is asked.
fn one_of_many(group: &Group<'_>, room: usize) -> String {
    let Group { alert, count, last } = group;
    let mut text = format!("*{}*", kind(alert));
    if *count > 1 {
        text.push_str(&format!(" × {count}"));
    }
    let first = Timestamp::of(alert.raised_at);
    text.push_str(&format!(", {first}"));
    if *count > 1 {
        text.push_str(&format!(" to {}", Timestamp::of(*last)));
    }
    let (facts, _) = facts(&alert.details);
    let mut below = String::new();
    for label in ["Stage", "Owner", "Runbook"] {
        if let Some(fact) = facts.iter().find(|fact| fact.label == label) {
            let shown = escaped(&one_line(&[&fact.text]), room / 8);
            below.push_str(&format!("  *{label}:* {shown}"));
        }
    }
    let used = text.chars().count() + below.chars().count() + 2;
    let message = escaped(message_of(alert), room.saturating_sub(used));
    text.push_str(&format!("\n{message}"));
    if !below.is_empty() {
        text.push_str(&format!("\n{}", below.trim_start()));
    }
    text
}

/// Slack refuses a block without text.
fn message_of(alert: &Alert) -> &str {
    match alert.message.trim() {
        "" => "(no message)",
        message => message,
    }
}

fn field(fact: &Fact) -> Value {
    let Fact { label, text, .. } = fact;
    let shown = link(text, FIELD_MAX).unwrap_or_else(|| escaped(text, FIELD_MAX));
    mrkdwn(&format!("*{label}*\n{shown}"))
}

fn payload(title: &str, blocks: Vec<Value>) -> Value {
    json!({
        "text": escaped(title, TEXT_MAX),
        "blocks": blocks,
        // Slack would otherwise fetch every address that stands in an error text.
        "unfurl_links": false,
        "unfurl_media": false,
    })
}

fn header(title: &str) -> Value {
    let title: String = title.chars().take(HEADER_MAX).collect();
    json!({ "type": "header", "text": { "type": "plain_text", "text": title } })
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": mrkdwn(text) })
}

fn context(text: &str) -> Value {
    json!({ "type": "context", "elements": [mrkdwn(text)] })
}

/// `verbatim`: Slack looks for no names and addresses in it.
fn mrkdwn(text: &str) -> Value {
    json!({ "type": "mrkdwn", "text": text, "verbatim": true })
}

#[cfg(test)]
#[path = "slack_tests.rs"]
mod tests;
