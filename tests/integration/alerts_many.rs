//! A hundred alerts at once: all are told, in few messages.

use monitor_runtime::{Monitor, Severity, send_alert};
use serde_json::json;

use super::alerts_email::email;
use crate::support::{
    JOB_LOGS, Job,
    smtp::{PASSWORD, SmtpServer},
    webhook::{Answer, Request, Webhook},
};

const ALERTS: usize = 100;

#[test]
fn job() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let guard = Monitor::builder().name("nba_pipeline").logs(logs).install();
    let guard = guard.unwrap_or_else(|error| panic!("{error}"));
    for n in 0..ALERTS {
        let details = json!({"error": "Out of memory", "page": n});
        send_alert(Severity::Critical, &format!("Page {n} failed"), details);
    }
    drop(guard);
}

/// How many alerts a message to Slack tells of.
fn told(message: &Request) -> usize {
    let json = message.json();
    let blocks = json["blocks"].as_array().unwrap();
    let texts = blocks
        .iter()
        .filter_map(|block| block["text"]["text"].as_str());
    let count = |text: &str| -> usize {
        let first = text.lines().next().unwrap();
        let times = first.split(" × ").nth(1).map(|rest| {
            let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap();
            digits.parse::<usize>().unwrap()
        });
        times.unwrap_or(1)
    };
    match json["text"].as_str().unwrap() {
        one if one.starts_with("🚨 ALERT [") => 1,
        _ => texts.skip(1).map(count).sum(),
    }
}

#[test]
fn slack_is_told_of_all_in_at_most_ten_messages_though_it_takes_one_a_second() {
    let webhook = Webhook::start_then([], Answer::OneASecond);
    let variables = [
        ("ALERT_SLACK_ENABLED", "true".to_owned()),
        ("SLACK_WEBHOOK_URL", webhook.url()),
    ];
    let job = Job::new("alerts_many::job", variables).finish();
    assert!(job.success, "{}", job.output);
    let requests = webhook.rest();
    let (refused, taken): (Vec<_>, Vec<_>) = requests.iter().partition(|one| one.was_refused);
    let all: usize = taken.iter().map(|message| told(message)).sum();
    assert_eq!(all, ALERTS, "{} messages", taken.len());
    assert!(taken.len() <= 10, "{} messages", taken.len());
    let in_a_row = requests.split(|one| !one.was_refused).map(<[_]>::len);
    assert!(
        in_a_row.max().unwrap_or(0) <= 2,
        "{} refused",
        refused.len()
    );
}

#[test]
fn a_mail_server_is_given_all_in_few_mails() {
    let Some(server) = SmtpServer::start(&[]) else {
        return;
    };
    let job = Job::new("alerts_many::job", email(&server, PASSWORD)).finish();
    assert!(job.success, "{}", job.output);
    let delivered = job.logs.matches("\"event\":\"delivered\"").count();
    assert_eq!(delivered, ALERTS);
    let mails = server
        .rest()
        .iter()
        .filter(|one| one["event"] == "message")
        .count();
    assert!((1..=10).contains(&mails), "{mails} mails");
}
