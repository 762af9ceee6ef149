//! Alerts by e-mail, from `send_alert` to the mail server.

use std::time::Instant;

use serde_json::json;

use super::alerts_slack::JOB;
use crate::support::{
    Job, PATIENCE,
    smtp::{PASSWORD, SmtpServer, USER},
    webhook::Webhook,
};

/// The variables that send mail through `server`.
pub(crate) fn email(server: &SmtpServer, password: &str) -> Vec<(&'static str, String)> {
    vec![
        ("ALERT_EMAIL_ENABLED", "true".to_owned()),
        ("ALERT_EMAIL_TO", "a@example.org, b@example.org".to_owned()),
        ("EMAIL_USER", USER.to_owned()),
        ("EMAIL_PASS", password.to_owned()),
        ("SMTP_HOST", server.address()),
        ("SMTP_CA_FILE", server.ca_file().display().to_string()),
    ]
}

#[test]
fn a_critical_alert_arrives() {
    let Some(server) = SmtpServer::start(&[]) else {
        return;
    };
    let job = Job::new(JOB, email(&server, PASSWORD)).finish();
    assert!(job.success, "{}", job.output);
    let mail = server.wait_for("message");
    assert_eq!(mail["tls"], true);
    assert_eq!(mail["user"], USER);
    assert_eq!(mail["sender"], USER);
    assert_eq!(
        mail["recipients"],
        json!(["a@example.org", "b@example.org"])
    );
    let raw = mail["raw"].as_str().unwrap_or_default();
    for part in [
        "Subject: [nba_pipeline] ALERT: Pipeline failed\r\n",
        "\r\n\r\nPipeline failed\r\n\r\nError: Out of memory\r\nStage: NBA-18\r\n\r\n",
        "\r\n\r\nDetails:\r\n{\r\n  \"error\": \"Out of memory\"",
        "  \"stage\": \"NBA-18\"",
        "Content-Type: text/html; charset=utf-8\r\n",
    ] {
        assert!(raw.contains(part), "{part:?} in {raw}");
    }
    job.assert_hidden(&[PASSWORD]);
}

#[test]
fn a_server_that_says_later_is_tried_later() {
    let refusal = ["--fail", "451 4.3.0 Try later", "--fail-times", "2"];
    let Some(server) = SmtpServer::start(&refusal) else {
        return;
    };
    let job = Job::new(JOB, email(&server, PASSWORD)).finish();
    assert!(job.success, "{}", job.output);
    let events = server.rest();
    let count = |kind: &str| events.iter().filter(|event| event["event"] == kind).count();
    assert_eq!((count("refused"), count("message")), (2, 1));
}

#[test]
fn a_refusal_is_final_and_said() {
    let Some(server) = SmtpServer::start(&["--fail", "554 5.7.1 Not from you"]) else {
        return;
    };
    let job = Job::new(JOB, email(&server, PASSWORD)).finish();
    assert!(job.success, "{}", job.output);
    let said = job.output.contains("5.7.1") || job.logs.contains("5.7.1");
    assert!(said, "{job:#?}");
}

#[test]
fn a_recipient_that_has_left_does_not_silence_the_others() {
    let Some(server) = SmtpServer::start(&["--unknown", "a@example.org"]) else {
        return;
    };
    let job = Job::new(JOB, email(&server, PASSWORD)).finish();
    assert!(job.success, "{}", job.output);
    let mail = server.wait_for("message");
    assert_eq!(mail["recipients"], json!(["b@example.org"]));
}

#[test]
fn a_wrong_password_is_said_but_not_shown() {
    let Some(server) = SmtpServer::start(&["--echo-credentials"]) else {
        return;
    };
    let wrong = "wr0ng-k33p-me-out";
    let job = Job::new(JOB, email(&server, wrong)).finish();
    assert!(job.success, "{}", job.output);
    let login = server.wait_for("login");
    assert_eq!(
        (&login["good"], &login["tls"]),
        (&json!(false), &json!(true))
    );
    let said = job.output.contains("535") || job.logs.contains("535");
    assert!(said, "{job:#?}");
    job.assert_hidden(&[wrong]);
}

#[test]
fn without_starttls_nothing_is_sent() {
    let Some(server) = SmtpServer::start(&["--no-starttls"]) else {
        return;
    };
    let job = Job::new(JOB, email(&server, PASSWORD)).finish();
    assert!(job.success, "{}", job.output);
    assert!(server.rest().is_empty());
    let said = job.output.contains("STARTTLS") || job.logs.contains("STARTTLS");
    assert!(said, "{job:#?}");
}

#[test]
fn a_mail_server_that_hangs_does_not_hold_slack_up() {
    let Some(server) = SmtpServer::start(&["--hang"]) else {
        return;
    };
    let webhook = Webhook::start([]);
    let mut variables = email(&server, PASSWORD);
    variables.push(("ALERT_SLACK_ENABLED", "true".to_owned()));
    variables.push(("SLACK_WEBHOOK_URL", webhook.url()));
    let start = Instant::now();
    let mut job = Job::new(JOB, variables);
    let running = job.command.spawn();
    server.wait_for("connected");
    webhook.request();
    assert!(start.elapsed() < PATIENCE / 2);
    if let Ok(mut running) = running {
        let _ = running.kill();
        let _ = running.wait();
    }
}

#[test]
fn what_is_missing_is_named_all_at_once() {
    let job = Job::new(JOB, [("ALERT_EMAIL_ENABLED", "yes")]).finish();
    assert!(!job.success, "{}", job.output);
    for variable in ["EMAIL_USER", "EMAIL_PASS", "ALERT_EMAIL_TO"] {
        assert!(job.output.contains(variable), "{}", job.output);
    }
}
