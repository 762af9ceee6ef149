//! The words of an alert, made safe for where they are shown.

use super::{Alert, facts::facts};
use crate::logs::timestamp::Timestamp;

/// A title at most, in characters: more than a program shows on one line.
const TITLE_MAX: usize = 200;
/// The two parts of a text at most, in bytes: well within what any mail server
/// takes, and a long message leaves room for the details.
const MESSAGE_MAX: usize = 64 * 1024;
const DETAILS_MAX: usize = 192 * 1024;
/// One labelled fact at most, in bytes.
const FACT_MAX: usize = 4 * 1024;

/// `🚨 ALERT [CRITICAL]`, and what it is if it has ended or comes late.
pub(super) fn kind(alert: &Alert) -> String {
    let severity = alert.severity;
    let late = if alert.late { " (late)" } else { "" };
    if alert.resolved {
        format!("✅ RECOVERED [{severity}]{late}")
    } else {
        format!("🚨 ALERT [{severity}]{late}")
    }
}

/// `🚨 ALERT [CRITICAL]: Pipeline failed`, as one bounded line.
pub(super) fn title(alert: &Alert) -> String {
    one_line(&[&kind(alert), ": ", &alert.message])
}

/// Of an alert that comes late: since when it waits.
pub(super) fn late(alert: &Alert) -> Option<String> {
    let raised = Timestamp::of(alert.raised_at);
    alert
        .late
        .then(|| format!("Late: raised at {raised} by an earlier run, which could not deliver it"))
}

/// The details as JSON indented by two; no details are an empty object.
pub(super) fn pretty(details: &serde_json::Value) -> String {
    if details.is_null() {
        return "{}".to_owned();
    }
    // `{:#}` is the indented form, and it cannot fail.
    format!("{details:#}")
}

/// A mail's subject: `[NBA-Analytics] ALERT: Pipeline failed`. Nothing in it can
/// end the header's line.
pub(super) fn subject(prefix: &str, kind: &str, message: &str) -> String {
    let separator = if prefix.is_empty() { "" } else { " " };
    one_line(&[prefix, separator, kind, ": ", message])
}

/// All that is known of an alert: the message, an empty line, what is known by name,
/// `Details:` and, as in the original, all of the details.
pub(super) fn plain_text(alert: &Alert) -> String {
    text_within(alert, MESSAGE_MAX, DETAILS_MAX)
}

/// The same with less room, for one of several.
pub(super) fn text_within(alert: &Alert, message_max: usize, details_max: usize) -> String {
    let mut text = bounded(&without_controls(&alert.message), message_max);
    text.push_str("\n\n");
    let mut labelled = String::new();
    if let Some(late) = late(alert) {
        labelled += &format!("{late}\n");
    }
    for fact in facts(&alert.details).0 {
        let fact_text = bounded(&without_controls(&fact.text), FACT_MAX.min(details_max));
        // What follows on a line end must not look like another fact.
        let fact_text = fact_text.replace('\n', "\n    ");
        labelled += &format!("{}: {fact_text}\n", fact.label);
    }
    if !labelled.is_empty() {
        text += &labelled;
        text.push('\n');
    }
    let details = bounded(&without_controls(&pretty(&alert.details)), details_max);
    text += &format!("Details:\n{details}\n");
    text
}

/// Whether a mail program or server might take it for the end of a line. `char`
/// counts the line and paragraph separators as no control characters.
fn breaks_a_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || turns_the_direction(c)
}

/// Such a character makes the text after it read backwards: `exe.gpj` as `jpg.exe`.
fn turns_the_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

pub(super) fn one_line(parts: &[&str]) -> String {
    let mut characters = parts
        .iter()
        .flat_map(|part| part.chars())
        .map(|c| if breaks_a_line(c) { ' ' } else { c });
    let mut line: String = characters.by_ref().take(TITLE_MAX).collect();
    if characters.next().is_some() {
        line.pop();
        line.push('…');
    }
    line
}

/// The text with blanks for control characters, except line ends and tabs.
pub(super) fn without_controls(text: &str) -> String {
    let blank = |c: char| match c {
        '\n' | '\t' => c,
        c if breaks_a_line(c) => ' ',
        c => c,
    };
    text.replace("\r\n", "\n").chars().map(blank).collect()
}

/// The text, or its beginning and a note.
pub(super) fn bounded(text: &str, max_bytes: usize) -> String {
    if text.len() <= max_bytes {
        return text.to_owned();
    }
    let mut end = max_bytes;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}\n… (cut)", &text[..end])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::alerts::Severity;

    fn mail_body(message: &str, details: &Value) -> String {
        let alert = Alert::new(String::new(), Severity::Critical, message, details.clone());
        plain_text(&alert)
    }

    #[test]
    fn the_mail_has_the_originals_words() {
        assert_eq!(
            subject("[NBA-Analytics]", "ALERT", "Pipeline failed"),
            "[NBA-Analytics] ALERT: Pipeline failed"
        );
        assert_eq!(subject("", "ALERT", "failed"), "ALERT: failed");
        assert_eq!(
            mail_body(
                "Pipeline failed",
                &json!({"code": 137, "season": "2026-27"})
            ),
            "Pipeline failed\n\nDetails:\n{\n  \"code\": 137,\n  \
                 \"season\": \"2026-27\"\n}\n"
        );
        assert_eq!(mail_body("x", &Value::Null), "x\n\nDetails:\n{}\n");
    }

    #[test]
    fn what_is_known_by_name_stands_above_the_details() {
        assert_eq!(
            mail_body(
                "Pipeline failed",
                &json!({"error": "Out of memory\nHost: elsewhere", "stage": "NBA-18"})
            ),
            "Pipeline failed\n\nError: Out of memory\n    Host: elsewhere\nStage: NBA-18\n\n\
                 Details:\n{\n  \"error\": \"Out of memory\\nHost: elsewhere\",\n  \
                 \"stage\": \"NBA-18\"\n}\n"
        );
        let mut alert = Alert::new(String::new(), Severity::Info, "x", Value::Null);
        alert.late = true;
        alert.raised_at = std::time::UNIX_EPOCH;
        assert!(
            plain_text(&alert)
                .starts_with("x\n\nLate: raised at 1970-01-01T00:00:00.000000Z by an earlier run")
        );
    }

    #[test]
    fn a_subject_stays_one_bounded_line() {
        let hostile = [
            "x\r\nBcc: all@example.org",
            "x\n\n<html>",
            "\u{0}\u{7}\u{1b}[31m\u{85}\u{2028}\u{2029}\u{202e}\u{2066}",
            &"é".repeat(1_000_000),
        ];
        for text in hostile {
            for subject in [subject("[p]", "ALERT", text), subject(text, "ALERT", "x")] {
                assert!(!subject.contains(breaks_a_line), "{subject:?}");
                assert!(subject.chars().count() <= TITLE_MAX);
            }
        }
        assert_eq!(subject("[p]", "ALERT", "a\r\nb"), "[p] ALERT: a  b");
        let exact = "é".repeat(TITLE_MAX - "ALERT: ".len());
        assert!(subject("", "ALERT", &exact).ends_with('é'));
        assert!(subject("", "ALERT", &format!("{exact}é")).ends_with("é…"));
    }

    #[test]
    fn a_long_message_leaves_the_details_in_the_mail() {
        let message = "🚨".repeat(300_000);
        let body = mail_body(&message, &json!({ "code": 137, "dump": message }));
        assert!(body.len() <= MESSAGE_MAX + DETAILS_MAX + 100);
        assert!(body.contains("… (cut)\n\nDetails:\n{"));
    }

    #[test]
    fn control_characters_leave_the_body() {
        let body = mail_body(
            "a\r\nb\rc\u{0}d\te\u{202e}f",
            &json!({"k": "\u{1b}\r\u{202e}"}),
        );
        assert!(body.starts_with("a\nb c d\te f\n\n"), "{body:?}");
        assert!(body.contains(r#""k": "\u001b\r ""#), "{body:?}");
    }
}
