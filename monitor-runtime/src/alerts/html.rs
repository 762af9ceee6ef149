//! The HTML part of a mail. Nothing in it is loaded from elsewhere, and data is only text.

use super::{
    Alert,
    facts::{Shape, facts, is_empty},
    text::{bounded, kind, late, pretty, without_controls},
};

/// One labelled fact at most, in bytes.
const FACT_MAX: usize = 4 * 1024;

const CELL: &str = "padding:2px 12px 2px 0;vertical-align:top";
const PRE: &str = "white-space:pre-wrap;overflow-wrap:anywhere;margin:0";

/// A whole page of these alerts below a title.
pub(super) fn page(title: Option<&str>, alerts: &[String]) -> String {
    let title = title.map_or(String::new(), |title| {
        format!("<h1 style=\"font-size:18px\">{}</h1>\n", escaped(title))
    });
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head>\n\
         <body style=\"font-family:sans-serif;font-size:14px\">\n{title}{}</body></html>\n",
        alerts.join("<hr>\n")
    )
}

/// One alert; `times` is how often and when, if there were several.
pub(super) fn alert(
    alert: &Alert,
    times: Option<&str>,
    message_max: usize,
    details_max: usize,
) -> String {
    let text = |text: &str, max: usize| escaped(&bounded(&without_controls(text), max));
    let times = times.map_or(String::new(), |times| format!(" {}", escaped(times)));
    let mut html = format!(
        "<h2 style=\"font-size:16px\">{}{times}</h2>\n<p style=\"{PRE};font-weight:bold\">{}</p>\n",
        escaped(&kind(alert)),
        text(&alert.message, message_max),
    );
    if let Some(late) = late(alert) {
        html += &format!("<p>⏰ {}</p>\n", escaped(&late));
    }
    let (facts, rest) = facts(&alert.details);
    let mut rows = String::new();
    for fact in facts {
        let shown = text(&fact.text, FACT_MAX.min(details_max));
        let shown = match fact.shape {
            Shape::Command => format!("<pre style=\"{PRE}\">{shown}</pre>"),
            _ => format!("<div style=\"{PRE}\">{shown}</div>"),
        };
        let label = fact.label;
        rows += &format!(
            "<tr><th align=\"left\" style=\"{CELL}\">{label}</th><td style=\"{CELL}\">{shown}</td></tr>\n"
        );
    }
    if !rows.is_empty() {
        html += &format!("<table style=\"border-collapse:collapse\">\n{rows}</table>\n");
    }
    if !is_empty(&rest) {
        let rest = text(&pretty(&rest), details_max);
        html += &format!("<p>Details:</p>\n<pre style=\"{PRE}\">{rest}</pre>\n");
    }
    html
}

/// The text with everything escaped that HTML gives a meaning to.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::alerts::Severity;

    #[test]
    fn data_is_only_text() {
        let evil = "<img src=x onerror='alert(1)'>\"&";
        let details = json!({"stage": evil, "command": evil, evil: [evil]});
        let of = Alert::new("1".into(), Severity::Critical, evil, details);
        let page = page(Some(evil), &[alert(&of, Some(evil), 4_000, 4_000)]);
        assert!(!page.contains("<img"), "{page}");
        assert_eq!(page.matches("&lt;img src=x onerror=&#39;").count(), 7);
        for remote in ["src=\"", "href", "url(", "<script", "http"] {
            assert!(!page.contains(remote), "{remote} in {page}");
        }
    }
}
