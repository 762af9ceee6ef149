//! Alerts to Slack, from `send_alert` to the webhook.

use std::time::Duration;

use monitor_runtime::{Monitor, Severity, monitored, send_alert};
use serde_json::json;

use crate::support::{
    JOB_LOGS, Job,
    webhook::{Answer, SECRET_PATH, Webhook},
};

/// The test that stands for a program which raises one critical alert.
pub(crate) const JOB: &str = "alerts_slack::job";

#[test]
fn job() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let guard = match Monitor::builder().name("nba_pipeline").logs(logs).install() {
        Ok(guard) => guard,
        Err(error) => panic!("{error}"),
    };
    send_alert(
        Severity::Critical,
        "Pipeline failed",
        json!({"error": "Out of memory", "stage": "NBA-18"}),
    );
    drop(guard);
}

#[monitored(stage = "NBA-17", alert = "critical")]
fn ingest() -> Result<u32, String> {
    Err("503 <Service Unavailable>".to_owned())
}

/// A program whose stage fails.
#[test]
fn failing() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let guard = Monitor::builder().logs(logs).install().unwrap();
    assert!(ingest().is_err());
    drop(guard);
}

#[test]
fn a_failure_arrives_with_all_that_makes_it_actionable() {
    let webhook = Webhook::start([]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monitor.toml");
    let text =
        "[stages.NBA-17]\nowner = \"data-team\"\nrunbook = \"https://wiki.example.org/17\"\n";
    std::fs::write(&file, text).unwrap();
    let config = ("MONITOR_CONFIG", file.display().to_string());
    let variables = slack(&webhook.url()).into_iter().chain([config]);
    let job = Job::new("alerts_slack::failing", variables).finish();
    assert!(job.success, "{}", job.output);
    let blocks = webhook.request().json()["blocks"].to_string();
    for part in [
        r"*Error*\n```\n503 &lt;Service Unavailable&gt;\n```",
        r"*Function*\ningest",
        r"*Attempts*\n1",
        r"*Duration*\n",
        r"*Owner*\ndata-team",
        r"*Runbook*\n<https://wiki.example.org/17>",
        r"*Log lines*\n```\njq -c ",
        "*Severity:* CRITICAL  *Stage:* NBA-17  *Host:* ",
        "*Run:* ",
    ] {
        assert!(blocks.contains(part), "{part} in {blocks}");
    }
}

fn slack(url: &str) -> [(&'static str, String); 2] {
    [
        ("ALERT_SLACK_ENABLED", "true".to_owned()),
        ("SLACK_WEBHOOK_URL", url.to_owned()),
    ]
}

#[test]
fn a_critical_alert_arrives() {
    let webhook = Webhook::start([]);
    let job = Job::new(JOB, slack(&webhook.url())).finish();
    assert!(job.success, "{}", job.output);
    let request = webhook.request();
    assert_eq!(request.line, format!("POST /{SECRET_PATH} HTTP/1.1"));
    let payload = request.json();
    assert_eq!(payload["text"], "🚨 ALERT [CRITICAL]: Pipeline failed");
    let blocks = payload["blocks"].to_string();
    for part in ["Out of memory", "*Stage:* NBA-18", "Pipeline failed"] {
        assert!(blocks.contains(part), "{part} in {blocks}");
    }
    assert!(webhook.rest().is_empty());
    assert!(job.logs.contains("🚨 ALERT [CRITICAL]: Pipeline failed"));
    job.assert_hidden(&[SECRET_PATH, "k33pm3out"]);
}

#[test]
fn a_busy_slack_is_asked_again_when_it_says() {
    let webhook = Webhook::start([Answer::TooMany(2), Answer::ServerError]);
    let job = Job::new(JOB, slack(&webhook.url())).finish();
    assert!(job.success, "{}", job.output);
    let requests = webhook.rest();
    assert_eq!(requests.len(), 3);
    assert!(requests[1].at - requests[0].at >= Duration::from_secs(2));
    assert!(requests.windows(2).all(|pair| pair[0].body == pair[1].body));
}

#[test]
fn a_connection_that_breaks_off_is_tried_again() {
    let webhook = Webhook::start([Answer::Close]);
    let job = Job::new(JOB, slack(&webhook.url())).finish();
    assert!(job.success, "{}", job.output);
    assert_eq!(webhook.rest().len(), 2);
    assert!(job.logs.contains("alert.delivered"), "{}", job.logs);
}

#[test]
fn a_refusal_is_final_and_said() {
    let elsewhere = Webhook::start([]);
    for (answer, word) in [
        (Answer::NoService, "no_service"),
        (Answer::Forbidden, "action_prohibited"),
        (Answer::Redirect(elsewhere.url()), "302"),
    ] {
        let webhook = Webhook::start([answer]);
        let job = Job::new(JOB, slack(&webhook.url())).finish();
        assert!(job.success, "{}", job.output);
        assert_eq!(webhook.rest().len(), 1);
        let said = job.output.contains(word) || job.logs.contains(word);
        assert!(said, "{word} is not in {job:#?}");
        job.assert_hidden(&[SECRET_PATH, "k33pm3out"]);
    }
    assert!(elsewhere.rest().is_empty());
}

#[test]
fn a_mistake_in_the_settings_stops_the_start() {
    for (url, reason) in [
        (String::new(), "is not set"),
        (
            format!("https://evil.example/{SECRET_PATH}"),
            "evil.example",
        ),
        (format!("http://hooks.slack.com/{SECRET_PATH}"), "https"),
    ] {
        let job = Job::new(JOB, slack(&url)).finish();
        assert!(!job.success, "{}", job.output);
        for part in ["SLACK_WEBHOOK_URL", reason] {
            assert!(job.output.contains(part), "{part} in {}", job.output);
        }
        job.assert_hidden(&[SECRET_PATH, "k33pm3out"]);
    }
}

#[test]
fn without_channels_the_log_has_the_alert_and_one_line_says_so() {
    let webhook = Webhook::start([]);
    let job = Job::new(JOB, [("SLACK_WEBHOOK_URL", webhook.url())]).finish();
    assert!(job.success, "{}", job.output);
    assert!(webhook.rest().is_empty());
    assert!(job.logs.contains("🚨 ALERT [CRITICAL]: Pipeline failed"));
    assert!(job.output.contains("ALERT_SLACK_ENABLED"), "{}", job.output);
}
