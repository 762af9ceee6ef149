//! Whatever goes wrong at a channel: no secret stands in a log, in the outbox, in an error, in
//! what `Debug` shows, in an alert or in a panic.

use std::{fs, net::TcpListener, thread};

use monitor_runtime::{Monitor, Severity, json, log_error, send_alert, send_test_alert};
use tempfile::TempDir;

use super::{alerts_email::email, alerts_further::KEY};
use crate::support::{
    Finished, JOB_LOGS, Job,
    smtp::{PASSWORD, SmtpServer, write_certificates},
    webhook::{Answer, SECRET_PATH, Webhook},
};

const SECRETS_JOB: &str = "alerts_secrets::job";
/// Set where the job is to send a test alert, too, which waits for each answer.
const TEST_ALERT: &str = "JOB_TEST_ALERT";

#[test]
fn job() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let builder = Monitor::builder().logs(logs);
    eprintln!("{builder:?}");
    let guard = match builder.install() {
        Ok(guard) => guard,
        Err(error) => panic!("{error} {error:?}"),
    };
    eprintln!("{guard:?}");
    // What an HTTP or mail library says of its own failure.
    for variable in ["SLACK_WEBHOOK_URL", "ALERT_WEBHOOK_SECRET", "EMAIL_PASS"] {
        let secret = std::env::var(variable).unwrap_or_default();
        log_error(&format!("error sending to ({secret})"), json!({}));
    }
    send_alert(
        Severity::Warning,
        "NBA-17 failed",
        json!({"stage": "NBA-17"}),
    );
    if std::env::var_os(TEST_ALERT).is_some() {
        for delivery in send_test_alert() {
            eprintln!("TESTED {delivery:?}");
        }
    }
    drop(guard);
}

/// Every channel on the route of a warning, whose wait at the end is short.
struct Setting {
    folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Setting {
    fn new(hosts: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let all = r#"["email", "slack", "webhook", "alertmanager"]"#;
        let text = format!(
            "[alerts]\ncritical = {all}\nwarning = {all}\nslack = {{ hosts = [{hosts}] }}\n\
             webhook = {{ hosts = [{hosts}] }}\nalertmanager = {{ hosts = [{hosts}] }}\n"
        );
        let file = folder.path().join("monitor.toml");
        fs::write(&file, text).unwrap();
        let variables = vec![
            ("MONITOR_CONFIG", file.display().to_string()),
            // What libraries would log is in the output then.
            ("RUST_LOG", "trace".to_owned()),
        ];
        Self { folder, variables }
    }

    /// Posts from three channels to `url`.
    fn posting(mut self, url: &str) -> Self {
        for (switch, variable) in [
            ("ALERT_SLACK_ENABLED", "SLACK_WEBHOOK_URL"),
            ("ALERT_WEBHOOK_ENABLED", "ALERT_WEBHOOK_URL"),
            ("ALERT_ALERTMANAGER_ENABLED", "ALERTMANAGER_URL"),
        ] {
            self.variables.push((switch, "true".to_owned()));
            self.variables.push((variable, url.to_owned()));
        }
        self.variables
            .push(("ALERT_WEBHOOK_SECRET", KEY.to_owned()));
        self
    }

    fn with(mut self, variables: Vec<(&'static str, String)>) -> Self {
        self.variables.extend(variables);
        self
    }

    /// Runs it: it goes on, says so, and shows nothing.
    fn says(self, said: &str) -> Finished {
        let finished = self.run();
        assert!(finished.success, "{said}: {}", finished.output);
        assert!(
            finished.output.contains(said),
            "{said} in {}",
            finished.output
        );
        assert_nothing_is_told(&finished);
        finished
    }

    fn run(self) -> Finished {
        let finished = Job::new(SECRETS_JOB, self.variables).finish();
        drop(self.folder);
        finished
    }
}

/// Each of them, and what the ways to log in make of the password.
fn assert_nothing_is_told(finished: &Finished) {
    finished.assert_hidden(&[
        SECRET_PATH,
        "k33pm3out",
        "T0SECRET",
        KEY,
        PASSWORD,
        "k33p-me-out",
        "cMOkc3N3w7ZyZC1rMzNwLW1lLW91dA",
        "d3IwbmctazMzcC1tZS1vdXQ",
        "AHdyMG5nLWszM3AtbWUtb3V0",
    ]);
    assert!(
        !finished.output.contains("panicked at"),
        "{}",
        finished.output
    );
}

#[test]
fn no_fault_of_a_web_server_shows_one() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = unused.local_addr().unwrap();
    drop(unused);
    let elsewhere = Webhook::start([]);
    let faults: Vec<(&str, Option<Answer>, String)> = [
        ("403", Answer::Forbidden),
        ("404", Answer::NoService),
        ("repeats the address", Answer::Echo),
        ("429", Answer::TooMany(1)),
        ("500", Answer::ServerError),
        ("302", Answer::Redirect(elsewhere.url())),
        ("invalid HTTP", Answer::Garbage),
        ("no attempt has ended", Answer::Slow),
        ("connection closed", Answer::Close),
    ]
    .into_iter()
    .map(|(said, answer)| (said, Some(answer), String::new()))
    .chain([
        ("refused", None, format!("http://{closed}/{SECRET_PATH}")),
        (
            "lookup",
            None,
            format!("https://nowhere.invalid/{SECRET_PATH}"),
        ),
        ("tls handshake eof", None, "https".to_owned()),
    ])
    .collect();
    thread::scope(|scope| {
        for (said, answer, url) in faults {
            scope.spawn(move || {
                let is_slow = matches!(answer, Some(Answer::Slow));
                let server =
                    Webhook::start(std::iter::repeat_n(answer.unwrap_or(Answer::Accept), 60));
                let url = match url.as_str() {
                    "" => server.url(),
                    "https" => server.url().replacen("http:", "https:", 1),
                    url => url.to_owned(),
                };
                let mut setting = Setting::new("\"nowhere.invalid\"").posting(&url);
                if !is_slow {
                    setting.variables.push((TEST_ALERT, "1".to_owned()));
                }
                let finished = setting.says(said);
                let tested = finished.output.matches("TESTED ").count();
                assert_eq!(tested, if is_slow { 0 } else { 3 }, "{said}");
            });
        }
    });
    assert!(elsewhere.rest().is_empty());
}

#[test]
fn no_certificate_that_is_wrong_is_taken_over_http() {
    for (said, is_valid, is_known) in [
        ("delivered", true, true),
        ("certificate expired", false, true),
        ("invalid peer certificate: UnknownIssuer", true, false),
    ] {
        let certificates = tempfile::tempdir().unwrap();
        write_certificates(certificates.path(), is_valid);
        let server = Webhook::start_tls(certificates.path());
        let url = server.url().replacen("http:", "https:", 1);
        let mut setting = Setting::new("").posting(&url);
        setting.variables.push((TEST_ALERT, "1".to_owned()));
        if is_known {
            // What a machine trusts, as OpenSSL has it told.
            let root = certificates.path().join("ca.pem").display().to_string();
            setting.variables.push(("SSL_CERT_FILE", root));
        }
        let finished = setting.says(said);
        let told = finished.output.matches("TESTED ");
        assert_eq!(told.count(), 3, "{}", finished.output);
        let has_come = !server.rest().is_empty();
        assert_eq!(has_come, said == "delivered");
    }
}

#[test]
fn no_fault_of_a_mail_server_shows_one() {
    let Some(hanging) = SmtpServer::start(&["--hang"]) else {
        return;
    };
    let start = |arguments: &[&str]| SmtpServer::start(arguments).unwrap();
    let dropping = start(&["--drop-after-data"]);
    let echoing = start(&["--echo-credentials"]);
    let expired = SmtpServer::start_expired().unwrap();
    let mut nowhere = email(&hanging, PASSWORD);
    for (variable, value) in &mut nowhere {
        if *variable == "SMTP_HOST" {
            *value = "nowhere.invalid:587".to_owned();
        }
    }
    let faults = [
        ("no attempt has ended", email(&hanging, PASSWORD)),
        ("peer closed connection", email(&dropping, PASSWORD)),
        ("535", email(&echoing, "wr0ng-k33p-me-out")),
        ("certificate", email(&expired, PASSWORD)),
        ("lookup", nowhere),
    ];
    thread::scope(|scope| {
        for (said, variables) in faults {
            scope.spawn(move || {
                let mut setting = Setting::new("").with(variables);
                if said != "no attempt has ended" {
                    setting.variables.push((TEST_ALERT, "1".to_owned()));
                }
                setting.says(said);
            });
        }
    });
}

#[test]
fn no_address_that_is_wrong_shows_itself() {
    for address in [
        "https:/hooks.slack.com/",
        "hooks.slack.com/",
        "https://hooks.slack.com:0/",
        "https://hooks.slack.com:99999/",
        "https://user:k33pm3out@hooks.slack.com/",
        "https://hooks.slack.com\\@evil.example/",
        "https://evil.example/",
        "ftp://hooks.slack.com/",
        "https://[::1/",
        "https://hooks.slack.com /",
        "https://hooks.slack.com\r\n/",
    ] {
        let finished = Setting::new("")
            .posting(&format!("{address}{SECRET_PATH}"))
            .run();
        assert!(!finished.success, "{address}: {}", finished.output);
        for variable in ["SLACK_WEBHOOK_URL", "ALERT_WEBHOOK_URL", "ALERTMANAGER_URL"] {
            assert!(
                finished.output.contains(variable),
                "{address}: {}",
                finished.output
            );
        }
        finished.assert_hidden(&[SECRET_PATH, "k33pm3out", "T0SECRET", KEY]);
    }
}
