//! Values whose formatting fails, panics, never ends or logs itself.

use std::fmt::{self, Debug, Display};
use std::panic;

use serde_json::{Value, json};
use tracing::field::{Empty, debug, display};
use tracing::{Span, info, info_span};
use tracing_subscriber::layer::SubscriberExt;

use super::layer::layer;
use super::line::LONGEST;
use super::line_checker::{assert_python_agrees, read};
use crate::testing;
use crate::{log_error, log_event};

/// What a formatting does.
struct Formats(fn(&mut fmt::Formatter<'_>) -> fmt::Result);

impl Display for Formats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

impl Debug for Formats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

impl std::error::Error for Formats {}

/// What a panic carries, and panics itself when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic::panic_any("in the drop of what a panic carried");
    }
}

const FAILED: &str = "half <the formatting of this value failed>";
const PANICKED: &str = "half <the formatting of this value panicked>";

/// Each with the text that stands in the line.
fn formats() -> Vec<(Formats, &'static str)> {
    vec![
        (Formats(|_| Ok(())), ""),
        (
            Formats(|f| f.write_str("\u{0}\n\"\u{2028}")),
            "\u{0}\n\"\u{2028}",
        ),
        (
            Formats(|f| f.write_str("half ").and(Err(fmt::Error))),
            FAILED,
        ),
        (
            Formats(|f| {
                f.write_str("half ")?;
                panic!("in a formatting")
            }),
            PANICKED,
        ),
        (
            Formats(|f| {
                f.write_str("half ")?;
                // Without the hook: it would report the panic of each test.
                panic::resume_unwind(Box::new(7))
            }),
            PANICKED,
        ),
        (
            Formats(|f| {
                log_event("NESTED", json!({"in": "a formatting"}));
                info!("nested in a formatting");
                f.write_str("logged")
            }),
            "logged",
        ),
    ]
}

fn lines(write: impl FnOnce()) -> Vec<Value> {
    let run = testing::capture();
    let subscriber = tracing_subscriber::registry().with(layer());
    tracing::subscriber::with_default(subscriber, write);
    let text = run.text();
    assert_python_agrees(&text);
    text.lines().map(read).collect()
}

fn own(lines: &[Value]) -> Vec<&Value> {
    let is_nested = |line: &Value| {
        line["event_type"] == "NESTED" || line["message"] == "nested in a formatting"
    };
    lines.iter().filter(|line| !is_nested(line)).collect()
}

#[test]
fn an_event_and_its_spans_survive_any_formatting() {
    let lines = lines(|| {
        for (value, _) in formats() {
            let span = info_span!("in", value = ?value, later = Empty);
            let _entered = span.enter();
            span.record("later", display(&value));
            info!(debug = ?value, display = %value, error = &value as &dyn std::error::Error, after = 1, "{value}");
        }
    });
    let nested = lines
        .iter()
        .filter(|line| line["event_type"] == "NESTED")
        .count();
    assert_eq!(
        nested, 6,
        "one for each time that the last value was formatted"
    );
    let own = own(&lines);
    assert_eq!(own.len(), formats().len());
    for (line, (_, text)) in own.into_iter().zip(formats()) {
        let (data, span) = (&line["data"], &line["data"]["spans"][0]);
        for written in [
            &line["message"],
            &data["debug"],
            &data["display"],
            &data["error"],
            &span["value"],
            &span["later"],
        ] {
            assert_eq!(written, text);
        }
        assert_eq!(data["after"], 1);
    }
}

#[test]
fn an_error_and_a_field_survive_any_formatting() {
    use crate::fields;
    let lines = lines(|| {
        for (value, _) in formats() {
            log_error(&value, fields::display(&value).to_json());
        }
    });
    let own = own(&lines);
    for (line, (_, text)) in own.into_iter().zip(formats()) {
        assert_eq!(
            (&line["error"], &line["context"]),
            (&json!(text), &json!(text))
        );
    }
}

/// Regression: the thread waited for the span that it had locked itself.
#[test]
fn a_value_that_logs_while_a_span_records_it_is_recorded() {
    let logs = Formats(|f| {
        info!("from the formatting");
        Span::current().record("other", 1);
        f.write_str("recorded")
    });
    let lines = lines(|| {
        let span = info_span!("in", value = Empty, other = Empty);
        let _entered = span.enter();
        span.record("value", debug(&logs));
        info!("after");
    });
    let after = lines.last().expect("a line");
    assert_eq!(after["message"], "after");
    assert_eq!(
        after["data"]["spans"],
        json!([{"name": "in", "value": "recorded", "other": 1}])
    );
}

/// Regression: the panic went on into what logged.
#[test]
fn a_panic_whose_payload_panics_when_it_is_dropped_ends_here() {
    let bomb = Formats(|_| panic::resume_unwind(Box::new(Bomb)));
    let lines = lines(|| info!(?bomb, "after"));
    assert_eq!(
        lines[0]["data"]["bomb"],
        "<the formatting of this value panicked>"
    );
}

#[test]
fn a_text_without_an_end_in_sight_is_cut_and_counted() {
    const PIECE: &str = match str::from_utf8(&[b'x'; 64 * 1024]) {
        Ok(piece) => piece,
        Err(_) => "",
    };
    let gigabyte = Formats(|f| (0..16 * 1024).try_for_each(|_| f.write_str(PIECE)));
    let lines = lines(|| info!(?gigabyte, "said"));
    let kept = lines[0]["data"]["gigabyte"].as_str().expect("a text");
    assert!((LONGEST - 1024..LONGEST).contains(&kept.len()));
    assert!(lines[0]["original_length"].as_u64() > Some(1 << 30));
}

/// Regression: a short piece was written after one that had not fitted.
#[test]
fn a_text_that_is_cut_has_no_hole() {
    let pieces =
        Formats(|f| (0..LONGEST).try_for_each(|_| f.write_str("🏀").and(f.write_str("a"))));
    for pad in 0..8 {
        let lines = lines(|| info!(pad = &"p".repeat(pad), text = %pieces, "said"));
        let kept = lines[0]["data"]["text"].as_str().expect("a text");
        assert!("🏀a".repeat(LONGEST).starts_with(kept));
    }
}

/// Regression: deep nests of spans made lines longer than the limit, and what was cut from
/// a span was counted in no line.
#[test]
fn spans_are_as_many_as_fit_and_what_is_cut_is_counted() {
    let long = "é".repeat(LONGEST);
    let lines = lines(|| {
        let spans: Vec<_> = (0..40)
            .map(|n| info_span!("in", n, long = long.as_str(), more = long.as_str()).entered())
            .collect();
        info!("said");
        // Spans are left in the order in which tracing wants it.
        spans.into_iter().rev().for_each(drop);
    });
    let spans = lines[0]["data"]["spans"].as_array().expect("spans");
    assert!((5..40).contains(&spans.len()), "{}", spans.len());
    assert!(spans.iter().enumerate().all(|(n, span)| span["n"] == n));
    assert!(lines[0].to_string().len() <= LONGEST);
    let whole = 80 * long.len() as u64;
    assert!(lines[0]["original_length"].as_u64() > Some(whole));
}
