//! What makes an alert actionable, in the order in which a person wants to know it.

use std::time::Duration;

use monitor_config::duration;
use serde_json::{Map, Value};

/// One thing that is known, ready to be shown, not yet made safe for any notation.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) text: String,
    pub(super) shape: Shape,
}

/// How much room it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Small print: where and in which run.
    Place,
    Short,
    Long,
    /// To be copied.
    Command,
}

/// The keys that the library itself gives an alert.
const KNOWN: [(&str, &str, Shape); 13] = [
    ("error", "Error", Shape::Long),
    ("error_chain", "Caused by", Shape::Long),
    ("stage", "Stage", Shape::Place),
    ("function", "Function", Shape::Short),
    ("attempts", "Attempts", Shape::Short),
    ("duration", "Duration", Shape::Short),
    ("records", "Records", Shape::Short),
    ("last_success", "Last success", Shape::Short),
    ("owner", "Owner", Shape::Short),
    ("runbook", "Runbook", Shape::Short),
    ("host", "Host", Shape::Place),
    ("run_id", "Run", Shape::Place),
    ("command", "Log lines", Shape::Command),
];
/// What is usual stands beside this call's.
const USUAL: [(&str, &str, &str); 2] = [
    ("duration", "usual_duration", "Usual duration"),
    ("records", "usual_records", "Usual records"),
];

/// The facts of these details, and the details that are none of them.
pub(super) fn facts(details: &Value) -> (Vec<Fact>, Value) {
    let Value::Object(details) = details else {
        return (Vec::new(), details.clone());
    };
    let mut facts: Vec<Fact> = Vec::new();
    for (key, label, shape) in KNOWN {
        let usual = USUAL.iter().find(|(of, ..)| *of == key);
        let usual_text = usual.and_then(|(_, usual, _)| shown(details, usual));
        let fact = match (shown(details, key), usual_text, usual) {
            (Some(text), Some(usual), _) => (label, format!("{text} (usually {usual})")),
            (Some(text), None, _) => (label, text),
            (None, Some(usual), Some((_, _, label))) => (*label, usual),
            (None, ..) => continue,
        };
        facts.push(Fact {
            label: fact.0,
            text: fact.1,
            shape,
        });
    }
    let is_known = |key: &str| {
        KNOWN.iter().any(|(known, ..)| *known == key)
            || USUAL.iter().any(|(_, usual, _)| *usual == key)
    };
    let rest: Map<String, Value> = details
        .iter()
        .filter(|(key, _)| !is_known(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    (facts, Value::Object(rest))
}

/// Whether there is anything to show.
pub(super) fn is_empty(details: &Value) -> bool {
    match details {
        Value::Null => true,
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn shown(details: &Map<String, Value>, key: &str) -> Option<String> {
    let text = match details.get(key)? {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        Value::Array(causes) if key == "error_chain" => {
            let causes: Vec<String> = causes.iter().map(plain).collect();
            causes.join("\n")
        }
        value @ Value::Number(seconds) if key.ends_with("duration") => seconds
            .as_f64()
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .map_or_else(|| plain(value), duration::display),
        value => plain(value),
    };
    (!text.trim().is_empty()).then_some(text)
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(details: &Value) -> Vec<String> {
        let (facts, _) = facts(details);
        let line = |fact: &Fact| format!("{}: {}", fact.label, fact.text);
        facts.iter().map(line).collect()
    }

    #[test]
    fn what_is_known_comes_in_a_sensible_order_and_the_rest_stays() {
        let details = json!({
            "command": "grep 0197 logs/pipeline.json", "stage": "NBA-17", "error": "503",
            "error_chain": ["connection reset", "broken pipe"], "attempts": 3,
            "duration": 45.2, "usual_duration": 12, "records": 7, "usual_records": "5,228",
            "run_id": "0197", "host": "worker-3", "owner": "data-team", "season": "2026-27",
            "runbook": "docs/nba-17.md", "last_success": "2026-02-05T12:34:56Z", "function": "ingest",
        });
        assert_eq!(
            lines(&details),
            [
                "Error: 503",
                "Caused by: connection reset\nbroken pipe",
                "Stage: NBA-17",
                "Function: ingest",
                "Attempts: 3",
                "Duration: 45.2 s (usually 12 s)",
                "Records: 7 (usually 5,228)",
                "Last success: 2026-02-05T12:34:56Z",
                "Owner: data-team",
                "Runbook: docs/nba-17.md",
                "Host: worker-3",
                "Run: 0197",
                "Log lines: grep 0197 logs/pipeline.json",
            ]
        );
        assert_eq!(facts(&details).1, json!({"season": "2026-27"}));
    }

    #[test]
    fn values_of_any_kind_are_shown_or_left_out() {
        let details = json!({
            "stage": {"a": [1]}, "error": null, "attempts": " ", "duration": -1, "usual_records": 5,
        });
        assert_eq!(
            lines(&details),
            ["Stage: {\"a\":[1]}", "Duration: -1", "Usual records: 5"]
        );
        assert_eq!(facts(&json!([1])), (Vec::new(), json!([1])));
        assert!(is_empty(&Value::Null) && is_empty(&json!({})) && !is_empty(&json!([])));
    }
}
