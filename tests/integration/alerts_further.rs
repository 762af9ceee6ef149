//! Alerts to a signed webhook and to an Alertmanager, and what one channel says of another.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use monitor_runtime::{Monitor, Severity, send_alert};
use ring::hmac;
use serde_json::json;

use super::alerts_slack::JOB;
use crate::support::{
    JOB_LOGS, Job,
    webhook::{Answer, SECRET_PATH, Webhook},
};

/// What messages are signed with.
pub(crate) const KEY: &str = "hm4c-k33p-me-out";

/// The variables that post signed messages to `server`.
pub(crate) fn webhook(server: &Webhook) -> Vec<(&'static str, String)> {
    vec![
        ("ALERT_WEBHOOK_ENABLED", "true".to_owned()),
        ("ALERT_WEBHOOK_URL", server.url()),
        ("ALERT_WEBHOOK_SECRET", KEY.to_owned()),
    ]
}

#[test]
fn a_signed_message_arrives() {
    let server = Webhook::start([Answer::ServerError, Answer::Accept]);
    let job = Job::new(JOB, webhook(&server)).finish();
    assert!(job.success, "{}", job.output);
    let requests = server.rest();
    assert_eq!(requests.len(), 2);
    let key = hmac::Key::new(hmac::HMAC_SHA256, KEY.as_bytes());
    for request in &requests {
        assert_eq!(request.line, format!("POST /{SECRET_PATH} HTTP/1.1"));
        let timestamp = request.header("x-monitor-timestamp").unwrap();
        let sent = UNIX_EPOCH + Duration::from_secs(timestamp.parse().unwrap());
        assert!(SystemTime::now().duration_since(sent).unwrap() < Duration::from_secs(60));
        let signature = request.header("x-monitor-signature").unwrap();
        let digits = signature.strip_prefix("sha256=").unwrap();
        let tag: Vec<u8> = (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
            .collect();
        let signed = format!("{timestamp}.{}", request.body);
        hmac::verify(&key, signed.as_bytes(), &tag).unwrap();
        let other = format!("{timestamp}1.{}", request.body);
        assert!(hmac::verify(&key, other.as_bytes(), &tag).is_err());
    }
    let body = requests[1].json();
    assert_eq!(body, requests[0].json());
    assert_eq!(
        (&body["schema"], &body["pipeline"]),
        (&json!(1), &json!("nba_pipeline"))
    );
    let alert = &body["alerts"][0];
    assert_eq!(
        (&alert["severity"], &alert["message"]),
        (&json!("critical"), &json!("Pipeline failed"))
    );
    assert_eq!(
        alert["details"],
        json!({"error": "Out of memory", "stage": "NBA-18"})
    );
    assert!(
        job.output.contains("webhook at 127.0.0.1/***, signed"),
        "{}",
        job.output
    );
    job.assert_hidden(&[SECRET_PATH, "k33pm3out", KEY]);
}

#[test]
fn an_alertmanager_is_told_below_its_address() {
    let server = Webhook::start([Answer::Accept]);
    let job = Job::new(
        JOB,
        [
            ("ALERT_ALERTMANAGER_ENABLED", "true".to_owned()),
            ("ALERTMANAGER_URL", server.url()),
        ],
    )
    .finish();
    assert!(job.success, "{}", job.output);
    let request = server.request();
    assert_eq!(
        request.line,
        format!("POST /{SECRET_PATH}/api/v2/alerts HTTP/1.1")
    );
    let alert = &request.json()[0];
    assert_eq!(alert["labels"]["stage"], "NBA-18");
    assert_eq!(alert["labels"]["severity"], "critical");
    assert_eq!(alert["annotations"]["error"], "Out of memory");
}

#[test]
fn the_other_channel_tells_that_one_refuses() {
    let slack = Webhook::start([Answer::NoService]);
    let other = Webhook::start([Answer::Accept, Answer::Accept]);
    let mut variables = webhook(&other);
    variables.push(("ALERT_SLACK_ENABLED", "true".to_owned()));
    variables.push(("SLACK_WEBHOOK_URL", slack.url()));
    let job = Job::new(JOB, variables).finish();
    assert!(job.success, "{}", job.output);
    let told: Vec<String> = other
        .rest()
        .iter()
        .flat_map(|request| request.json()["alerts"].as_array().unwrap().clone())
        .map(|alert| alert["message"].as_str().unwrap().to_owned())
        .collect();
    let refused = "slack does not take alerts: Slack answered 404 Not Found: no_service. \
                   Not delivered there: Pipeline failed";
    assert_eq!(told, ["Pipeline failed", refused]);
    assert_eq!(slack.rest().len(), 1);
}

#[test]
fn a_wait_until_a_date_is_kept() {
    let slack = Webhook::start([Answer::BusyUntil(3)]);
    let variables = [
        ("ALERT_SLACK_ENABLED", "true".to_owned()),
        ("SLACK_WEBHOOK_URL", slack.url()),
    ];
    let job = Job::new(JOB, variables).finish();
    assert!(job.success, "{}", job.output);
    let requests = slack.rest();
    assert_eq!(requests.len(), 2);
    // A date has no fractions of a second.
    assert!(requests[1].at - requests[0].at >= Duration::from_millis(1_900));
}

/// A program that raises many alerts at once.
#[test]
fn many() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let guard = Monitor::builder().logs(logs).install().unwrap();
    for number in 0..300 {
        let message = format!("page {} failed", number % 7);
        send_alert(Severity::Critical, &message, json!({"stage": "NBA-17"}));
    }
    drop(guard);
}

#[test]
fn a_backlog_is_one_message() {
    let slack = Webhook::start([Answer::TooMany(1)]);
    let variables = [
        ("ALERT_SLACK_ENABLED", "true".to_owned()),
        ("SLACK_WEBHOOK_URL", slack.url()),
    ];
    let job = Job::new("alerts_further::many", variables).finish();
    assert!(job.success, "{}", job.output);
    let requests = slack.rest();
    assert!(requests.len() <= 4, "{}", requests.len());
    let last = requests.last().unwrap().json();
    let text = last["text"].as_str().unwrap();
    assert!(text.contains(" alerts: "), "{text}");
    assert!(last["blocks"].as_array().unwrap().len() <= 8);
    // Lines of the log, which the report shows, too.
    let delivered = job
        .logs
        .matches("\"event_type\":\"alert.delivered\"")
        .count();
    assert_eq!(delivered, 300, "{}", job.output);
}
