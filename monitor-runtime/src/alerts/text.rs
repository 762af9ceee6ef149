//! The words of an alert: the log line and the mail.

use super::Severity;

/// A mail's subject at most, in characters: more than a program shows on one line.
#[cfg(feature = "email")]
const SUBJECT_MAX: usize = 200;
/// The two parts of a mail's body at most, in bytes: well within what any
/// server takes, and a long message leaves room for the details.
#[cfg(feature = "email")]
const MESSAGE_MAX: usize = 64 * 1024;
#[cfg(feature = "email")]
const DETAILS_MAX: usize = 192 * 1024;

/// `🚨 ALERT [CRITICAL]: Pipeline failed`: the original's words, for the log
/// and for Slack.
pub(crate) fn headline(severity: Severity, message: &str) -> String {
    format!("🚨 ALERT [{severity}]: {message}")
}

/// The details as JSON indented by two; no details are an empty object.
#[cfg(feature = "__worker")]
pub(super) fn pretty(details: &serde_json::Value) -> String {
    if details.is_null() {
        return "{}".to_owned();
    }
    // `{:#}` is the indented form, and it cannot fail.
    format!("{details:#}")
}

/// A mail's subject: `[NBA-Analytics] ALERT: Pipeline failed`. Nothing in it can
/// end the header's line.
#[cfg(feature = "email")]
pub(super) fn subject(prefix: &str, message: &str) -> String {
    let separator = if prefix.is_empty() { "" } else { " " };
    let mut characters = [prefix, separator, "ALERT: ", message]
        .into_iter()
        .flat_map(str::chars)
        .map(|c| if breaks_a_line(c) { ' ' } else { c });
    let mut subject: String = characters.by_ref().take(SUBJECT_MAX).collect();
    if characters.next().is_some() {
        subject.pop();
        subject.push('…');
    }
    subject
}

/// A mail's body: the message, an empty line, `Details:` and the details.
#[cfg(feature = "email")]
pub(super) fn mail_body(message: &str, details: &serde_json::Value) -> String {
    let message = bounded(&without_controls(message), MESSAGE_MAX);
    let details = bounded(&pretty(details), DETAILS_MAX);
    format!("{message}\n\nDetails:\n{details}\n")
}

/// Whether a mail program or server might take it for the end of a line. `char`
/// counts the line and paragraph separators as no control characters.
#[cfg(feature = "email")]
fn breaks_a_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// The text with blanks for control characters, except line ends and tabs.
#[cfg(feature = "__worker")]
pub(super) fn without_controls(text: &str) -> String {
    let blank = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() => ' ',
        c => c,
    };
    text.replace("\r\n", "\n").chars().map(blank).collect()
}

/// The text, or its beginning and a note.
#[cfg(feature = "email")]
fn bounded(text: &str, max_bytes: usize) -> String {
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
    use super::*;

    #[test]
    fn the_headline_is_the_originals() {
        assert_eq!(
            headline(Severity::Critical, "Pipeline failed"),
            "🚨 ALERT [CRITICAL]: Pipeline failed"
        );
    }

    #[cfg(feature = "email")]
    mod mail {
        use serde_json::{Value, json};

        use super::*;

        #[test]
        fn the_mail_is_the_originals() {
            assert_eq!(
                subject("[NBA-Analytics]", "Pipeline failed"),
                "[NBA-Analytics] ALERT: Pipeline failed"
            );
            assert_eq!(subject("", "Pipeline failed"), "ALERT: Pipeline failed");
            assert_eq!(
                mail_body(
                    "Pipeline failed",
                    &json!({"error": "Out of memory", "stage": "NBA-18"})
                ),
                "Pipeline failed\n\nDetails:\n{\n  \"error\": \"Out of memory\",\n  \
                 \"stage\": \"NBA-18\"\n}\n"
            );
            assert_eq!(mail_body("x", &Value::Null), "x\n\nDetails:\n{}\n");
        }

        #[test]
        fn a_subject_stays_one_bounded_line() {
            let hostile = [
                "x\r\nBcc: all@example.org",
                "x\n\n<html>",
                "\u{0}\u{7}\u{1b}[31m\u{85}\u{2028}\u{2029}",
                &"é".repeat(1_000_000),
            ];
            for text in hostile {
                for subject in [subject("[p]", text), subject(text, "x")] {
                    assert!(!subject.contains(breaks_a_line), "{subject:?}");
                    assert!(subject.chars().count() <= SUBJECT_MAX);
                }
            }
            assert_eq!(subject("[p]", "a\r\nb"), "[p] ALERT: a  b");
            let exact = "é".repeat(SUBJECT_MAX - "ALERT: ".len());
            assert!(subject("", &exact).ends_with('é'));
            assert!(subject("", &format!("{exact}é")).ends_with("é…"));
        }

        #[test]
        fn a_long_message_leaves_the_details_in_the_mail() {
            let message = "🚨".repeat(300_000);
            let body = mail_body(&message, &json!({ "stage": "NBA-18", "dump": message }));
            assert!(body.len() <= MESSAGE_MAX + DETAILS_MAX + 100);
            assert!(body.contains("… (cut)\n\nDetails:\n{"));
        }

        #[test]
        fn control_characters_leave_the_body() {
            let body = mail_body("a\r\nb\rc\u{0}d\te", &json!({"k": "\u{1b}\r"}));
            assert!(body.starts_with("a\nb c d\te\n\n"), "{body:?}");
            assert!(body.contains(r#""k": "\u001b\r""#), "{body:?}");
        }
    }
}
