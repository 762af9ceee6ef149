use std::time::{Duration, SystemTime};

use serde_json::json;

use super::{super::Severity, *};

fn alert_of(message: &str) -> Alert {
    Alert {
        id: "0197\r\n-a b.7".into(),
        raised_at: SystemTime::UNIX_EPOCH + Duration::from_secs(784_887_151),
        ..Alert::new(
            String::new(),
            Severity::Critical,
            message,
            json!({"code": message}),
        )
    }
}

fn mail_with(alerts: &[Alert], to: &[&str]) -> Message {
    let alerts: Vec<Arc<Alert>> = alerts.iter().cloned().map(Arc::new).collect();
    let from = "Alerts <alerts@example.org>".parse().unwrap();
    let to: Vec<Mailbox> = to.iter().map(|text| text.parse().unwrap()).collect();
    mail(&alerts, &from, &to, "[NBA-Analytics]").unwrap()
}

fn mail_of(message: &str, to: &[&str]) -> Message {
    mail_with(&[alert_of(message)], to)
}

#[test]
fn a_mail_has_the_originals_words_and_a_stable_id() {
    let mail = mail_of(
        "Pipeline failed",
        &["a@example.org", "Data team <b@example.org>"],
    );
    let text = String::from_utf8(mail.formatted()).unwrap();
    for line in [
        "From: Alerts <alerts@example.org>\r\n",
        "Subject: [NBA-Analytics] ALERT: Pipeline failed\r\n",
        "Message-ID: <alert-0197__-a_b_7@example.org>\r\n",
        "Date: Tue, 15 Nov 1994 08:12:31 +0000\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "\r\n\r\nPipeline failed\r\n\r\nDetails:\r\n{\r\n  \"code\": \"Pipeline failed\"\r\n}\r\n",
        "Content-Type: multipart/alternative;",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-Type: text/html; charset=utf-8\r\n",
    ] {
        assert!(text.contains(line), "{line:?} in {text}");
    }
    let to: Vec<String> = mail
        .envelope()
        .to()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(to, ["a@example.org", "b@example.org"]);
}

#[test]
fn hostile_messages_leave_one_well_formed_mail() {
    let long = "é\r\n.\r\n".repeat(150_000);
    for message in [
        "x\r\nBcc: all@example.org\r\n\r\nbody",
        "\u{0}\u{1b}\u{85}\u{2028}",
        "\r\n.\r\nMAIL FROM:<x>",
        "=?utf-8?q?=0D=0A?=",
        "",
        &long,
    ] {
        let bytes = mail_of(message, &["a@example.org"]).formatted();
        assert!(bytes.is_ascii());
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.replace("\r\n", "").contains(['\r', '\n', '\0']));
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        let names: Vec<&str> = head
            .split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split_once(':').unwrap().0)
            .collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(
            sorted,
            [
                "Auto-Submitted",
                "Content-Type",
                "Date",
                "From",
                "MIME-Version",
                "Message-ID",
                "Subject",
                "To"
            ]
        );
        assert!(text.split("\r\n").all(|line| line.len() <= 998));
    }
}

#[test]
fn a_backlog_is_one_mail_with_each_kind_once() {
    let mut alerts = Vec::new();
    for number in 0..200_u64 {
        let mut alert = alert_of(&format!("page {} failed", number % 60));
        alert.id = format!("0197-{number}");
        alert.raised_at += Duration::from_secs(number);
        alerts.push(alert);
    }
    let mail = mail_with(&alerts, &["a@example.org"]);
    let text = String::from_utf8(mail.formatted()).unwrap();
    assert!(text.contains("Message-ID: <alert-0197-0-to-199-200@example.org>\r\n"));
    assert!(text.contains("Date: Tue, 15 Nov 1994 08:15:50 +0000\r\n"));
    let subject = "Subject: [NBA-Analytics] ALERT: 200 alerts: 200 critical: page 0 failed\r\n";
    assert!(text.contains(subject), "{}", &text[..1_000]);
    let content = of_many(&alerts.into_iter().map(Arc::new).collect::<Vec<_>>(), "[p]");
    let text = &content.text;
    assert!(text.starts_with("200 alerts: 200 critical\n\n🚨 ALERT [CRITICAL] × 4, 1994-11-15T08"));
    assert_eq!(text.matches("Details:").count(), KINDS_MAX);
    assert_eq!(content.html.matches("<h2").count(), KINDS_MAX);
    for part in [text, &content.html] {
        assert!(part.contains("… and 10 more kinds of alerts, which the log has"));
    }
}

#[test]
fn a_recovery_and_a_late_alert_say_so() {
    let mut alert = alert_of("NBA-17 works again");
    alert.late = true;
    let late = of_one(&alert, "[p]");
    assert_eq!(late.subject, "[p] ALERT (late): NBA-17 works again");
    for part in [&late.text, &late.html] {
        assert!(part.contains("Late: raised at 1994-11-15T08:12:31.000000Z"));
    }
    alert.late = false;
    alert.resolved = true;
    let recovered = of_one(&alert, "[p]");
    assert_eq!(recovered.subject, "[p] RECOVERED: NBA-17 works again");
    assert!(recovered.html.contains("✅ RECOVERED [CRITICAL]"));
}
