use std::time::{Duration, SystemTime};

use super::super::Severity;
use super::*;

fn alert(message: &str, details: Value) -> Alert {
    Alert {
        raised_at: SystemTime::UNIX_EPOCH,
        ..Alert::new("1".into(), Severity::Critical, message, details)
    }
}

/// Every text of the blocks, in their order.
pub(super) fn texts(payload: &Value) -> Vec<String> {
    let mut texts = Vec::new();
    for block in payload["blocks"].as_array().unwrap() {
        let single = block.get("text").into_iter();
        let several = ["fields", "elements"].into_iter();
        let several = several.filter_map(|key| block[key].as_array()).flatten();
        let found = single.chain(several);
        texts.extend(found.map(|text| text["text"].as_str().unwrap().to_owned()));
    }
    texts
}

#[test]
fn the_message_has_all_that_makes_it_actionable() {
    let details = json!({
        "error": "Out of memory", "error_chain": ["killed", "no swap"], "stage": "NBA-18",
        "host": "a<b", "run_id": "0197", "attempts": 3, "duration": 45.2, "usual_duration": 12.5,
        "owner": "data-team", "runbook": "https://wiki.example.org/nba-18",
        "command": "grep '0197' logs/pipeline.json", "season": "2026-27",
    });
    let payload = message(&alert("Pipeline failed", details));
    assert_eq!(payload["text"], "🚨 ALERT [CRITICAL]: Pipeline failed");
    assert_eq!(
        texts(&payload),
        [
            "🚨 ALERT [CRITICAL]",
            "Pipeline failed",
            "*Error*\n```\nOut of memory\n```",
            "*Caused by*\n```\nkilled\nno swap\n```",
            "*Attempts*\n3",
            "*Duration*\n45.2 s (usually 12.5 s)",
            "*Owner*\ndata-team",
            "*Runbook*\n<https://wiki.example.org/nba-18>",
            "*Log lines*\n```\ngrep '0197' logs/pipeline.json\n```",
            "```\n{\n  \"season\": \"2026-27\"\n}\n```",
            "*Severity:* CRITICAL  *Stage:* NBA-18  *Host:* a&lt;b  *Run:* 0197  \
             *Raised:* 1970-01-01T00:00:00.000000Z",
        ]
    );
}

#[test]
fn a_recovery_and_a_late_alert_say_so() {
    let mut alert = alert("NBA-17 works again", Value::Null);
    alert.resolved = true;
    let payload = message(&alert);
    assert_eq!(
        payload["text"],
        "✅ RECOVERED [CRITICAL]: NBA-17 works again"
    );
    alert.late = true;
    let texts = texts(&message(&alert));
    assert_eq!(texts[0], "✅ RECOVERED [CRITICAL] (late)");
    assert!(texts[2].starts_with("⏰ Late: raised at 1970-01-01T00:00:00.000000Z"));
}

#[test]
fn without_details_there_is_no_empty_block() {
    for details in [Value::Null, json!({})] {
        for text in ["", " \n"] {
            let texts = texts(&message(&alert(text, details.clone())));
            assert_eq!(texts.len(), 3, "{texts:?}");
            assert_eq!(texts[1], "(no message)");
        }
    }
}

#[test]
fn a_backlog_is_one_digest_with_each_kind_once() {
    let mut alerts: Vec<Arc<Alert>> = Vec::new();
    for number in 0..500_u64 {
        let kind = number % 60;
        let details = json!({"stage": "NBA-17", "owner": "data-team"});
        let mut alert = alert(&format!("page {kind} <failed>"), details);
        alert.severity = if kind < 5 {
            Severity::Critical
        } else {
            Severity::Warning
        };
        alert.raised_at += Duration::from_secs(number);
        alerts.push(Arc::new(alert));
    }
    let payload = digest(&alerts);
    let texts = texts(&payload);
    assert_eq!(payload["text"], "🚨 500 alerts: 45 critical, 455 warning");
    assert_eq!(texts[0], "🚨 500 alerts: 45 critical, 455 warning");
    assert_eq!(
        texts[1],
        "*🚨 ALERT [CRITICAL]* × 9, 1970-01-01T00:00:00.000000Z to 1970-01-01T00:08:00.000000Z\n\
         page 0 &lt;failed&gt;\n*Stage:* NBA-17  *Owner:* data-team"
    );
    assert_eq!(
        texts[KINDS_MAX + 1],
        "… and 20 more kinds of alerts, which the log has"
    );
    let size: usize = texts.iter().map(|text| text.chars().count()).sum();
    assert!(texts.len() <= BLOCKS_MAX && size < 13_000, "{size}");
}
