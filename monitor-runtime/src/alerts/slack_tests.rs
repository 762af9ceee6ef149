use std::time::SystemTime;

use super::super::Severity;
use super::*;

fn alert(message: &str, details: Value) -> Alert {
    Alert {
        id: "1".into(),
        severity: Severity::Critical,
        message: message.into(),
        details,
        raised_at: SystemTime::UNIX_EPOCH,
        ..Alert::new(String::new(), Severity::Info, "", Value::Null)
    }
}

#[test]
fn the_message_has_the_originals_text_and_blocks() {
    let details = json!({"error": "Out of memory", "stage": "NBA-18", "host": "a<b"});
    let payload = payload(&alert("Pipeline failed", details));
    assert_eq!(payload["text"], "🚨 ALERT [CRITICAL]: Pipeline failed");
    let blocks = payload["blocks"].as_array().unwrap();
    assert_eq!(blocks[0]["text"]["text"], "🚨 ALERT [CRITICAL]");
    assert_eq!(blocks[1]["text"]["text"], "Pipeline failed");
    assert_eq!(
        blocks[2]["text"]["text"],
        "```\n{\n  \"error\": \"Out of memory\",\n  \"host\": \"a&lt;b\",\n  \"stage\": \"NBA-18\"\n}\n```"
    );
    assert_eq!(
        blocks[3]["elements"][0]["text"],
        "*Severity:* CRITICAL  *Stage:* NBA-18  *Host:* a&lt;b"
    );
}

#[test]
fn without_details_there_is_no_empty_block() {
    for details in [Value::Null, json!({})] {
        for message in ["", " \n"] {
            let payload = payload(&alert(message, details.clone()));
            let blocks = payload["blocks"].as_array().unwrap();
            assert_eq!(blocks.len(), 3);
            assert_eq!(blocks[1]["text"]["text"], "(no message)");
        }
    }
}

#[test]
fn hostile_alerts_keep_to_slacks_limits() {
    for text in ["<!channel> ``` &".repeat(60_000), "🚨".repeat(1_000_000)] {
        let details = json!({"stage": text, "host": text, "x": text});
        let payload = payload(&alert(&text, details));
        assert!(payload["text"].as_str().unwrap().chars().count() <= TEXT_MAX);
        for block in payload["blocks"].as_array().unwrap() {
            let part = match block["type"].as_str().unwrap() {
                "context" => &block["elements"][0]["text"],
                _ => &block["text"]["text"],
            };
            let part = part.as_str().unwrap();
            assert!(!part.is_empty() && part.chars().count() <= BLOCK_MAX);
            assert!(!part.contains("<!"), "{part}");
        }
    }
}

#[test]
fn a_host_that_two_parsers_read_differently_is_refused() {
    let webhook = WebhookUrl {
        address: super::super::secret::Secret::new("https://evil.example/s3cr3t"),
        host: "hooks.slack.com".into(),
        encrypted: true,
        loopback: false,
    };
    let error = Slack::new(&webhook).map(drop).unwrap_err().to_string();
    assert!(
        error.contains("two ways") && !error.contains("s3cr3t"),
        "{error}"
    );
}

#[test]
fn no_provider_is_installed_for_the_process() {
    for url in ["https://hooks.slack.com/services/x", "http://127.0.0.1:1/x"] {
        let webhook = WebhookUrl::parse(url, &[]).unwrap();
        assert!(Slack::new(&webhook).is_ok());
    }
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}
