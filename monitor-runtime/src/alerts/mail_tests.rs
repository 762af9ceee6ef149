use std::time::{Duration, SystemTime};

use serde_json::json;

use super::{super::Severity, *};

fn mail_of(message: &str, to: &[&str]) -> Message {
    let alert = Alert {
        id: "0197\r\n-a b.7".into(),
        severity: Severity::Critical,
        message: message.into(),
        details: json!({"error": message}),
        raised_at: SystemTime::UNIX_EPOCH + Duration::from_secs(784_887_151),
        ..Alert::new(String::new(), Severity::Info, "", serde_json::Value::Null)
    };
    let from = "Alerts <alerts@example.org>".parse().unwrap();
    let to: Vec<Mailbox> = to.iter().map(|text| text.parse().unwrap()).collect();
    mail(&alert, &from, &to, "[NBA-Analytics]").unwrap()
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
        "Message-ID: <0197..-a.b.7@example.org>\r\n",
        "Date: Tue, 15 Nov 1994 08:12:31 +0000\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "\r\n\r\nPipeline failed\r\n\r\nDetails:\r\n{\r\n  \"error\": \"Pipeline failed\"\r\n}\r\n",
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
                "Content-Transfer-Encoding",
                "Content-Type",
                "Date",
                "From",
                "Message-ID",
                "Subject",
                "To"
            ]
        );
        assert!(text.split("\r\n").all(|line| line.len() <= 998));
    }
}
