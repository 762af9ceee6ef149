use std::ffi::OsString;

use super::*;

const PATH: &str = "/services/T00/B00/s3cr3tpath";

fn resolve(file: &Alerts, variables: &[(&str, &str)]) -> Result<Settings, Vec<String>> {
    let read = |name: &str| {
        let found = variables.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| OsString::from(value))
    };
    Settings::resolve(file, "nba_pipeline", Registered::default(), &read)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

#[test]
fn both_channels_are_off_by_default() {
    let settings = resolve(&Alerts::default(), &[("SLACK_WEBHOOK_URL", "nonsense")]).unwrap();
    assert!(settings.is_log_only());
    let line = settings.describe();
    assert!(line.contains("only the log"), "{line}");
    assert!(line.contains("ALERT_EMAIL_ENABLED") && line.contains("ALERT_SLACK_ENABLED"));
}

#[test]
fn the_environment_wins_over_the_file() {
    let mut file = Alerts::default();
    file.slack.enabled = Some(true);
    let settings = resolve(&file, &[("ALERT_SLACK_ENABLED", "off")]).unwrap();
    assert!(settings.is_log_only());
}

#[test]
fn every_mistake_is_told_at_once() {
    let mut file = Alerts::default();
    file.email.enabled = Some(true);
    let errors = resolve(&file, &[("ALERT_SLACK_ENABLED", "maybe")]).unwrap_err();
    for variable in [
        "EMAIL_USER",
        "EMAIL_PASS",
        "ALERT_EMAIL_TO",
        "ALERT_SLACK_ENABLED",
    ] {
        let of_variable = errors
            .iter()
            .filter(|error| error.starts_with(&format!("{variable}: ")));
        assert_eq!(of_variable.count(), 1, "{variable} in {errors:#?}");
    }
}

#[cfg(not(feature = "slack"))]
#[test]
fn a_channel_that_is_not_built_in_names_its_feature() {
    let url = format!("https://hooks.slack.com{PATH}");
    let variables = [("ALERT_SLACK_ENABLED", "1"), ("SLACK_WEBHOOK_URL", &*url)];
    let errors = resolve(&Alerts::default(), &variables).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].contains("features = [\"slack\"]"), "{errors:?}");
}

#[cfg(not(feature = "email"))]
#[test]
fn mail_that_is_not_built_in_names_its_feature() {
    let errors = resolve(&Alerts::default(), &[("ALERT_EMAIL_ENABLED", "1")]).unwrap_err();
    assert!(errors[0].contains("features = [\"email\"]"), "{errors:?}");
}

#[cfg(feature = "slack")]
mod slack {
    use super::*;

    #[test]
    fn a_webhook_is_needed() {
        let errors = resolve(&Alerts::default(), &[("ALERT_SLACK_ENABLED", "yes")]).unwrap_err();
        assert_eq!(
            errors,
            ["SLACK_WEBHOOK_URL: is not set, but alerts to Slack are on"]
        );
    }

    #[test]
    fn neither_errors_nor_debug_nor_the_start_line_show_the_webhook() {
        for (host, good) in [
            ("https://evil.example", false),
            ("https://hooks.slack.com", true),
        ] {
            let url = format!("{host}{PATH}");
            let variables = [("ALERT_SLACK_ENABLED", "on"), ("SLACK_WEBHOOK_URL", &*url)];
            let shown = match resolve(&Alerts::default(), &variables) {
                Ok(settings) => {
                    assert!(good);
                    let line = settings.describe();
                    assert!(line.contains("Slack at hooks.slack.com"), "{line}");
                    format!("{line} {settings:?}")
                }
                Err(errors) => {
                    assert!(!good);
                    assert!(errors[0].starts_with("SLACK_WEBHOOK_URL: "), "{errors:?}");
                    errors.concat()
                }
            };
            assert!(
                !shown.contains("s3cr3t") && !shown.contains("services"),
                "{shown}"
            );
        }
    }
}

#[cfg(feature = "email")]
mod email {
    use super::*;

    const BASE: [(&str, &str); 4] = [
        ("ALERT_EMAIL_ENABLED", "true"),
        ("EMAIL_USER", "robot@example.org"),
        ("EMAIL_PASS", "hunter2"),
        (
            "ALERT_EMAIL_TO",
            "a@example.org, b@example.org,,a@example.org",
        ),
    ];

    fn with(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
        let mut variables = more.to_vec();
        variables.extend(BASE);
        variables
    }

    #[test]
    fn the_original_variables_are_enough() {
        let settings = resolve(&Alerts::default(), &BASE).unwrap();
        let line = settings.describe();
        assert_eq!(
            line,
            "e-mail to a@example.org, b@example.org by smtp.gmail.com:587, account and password ***; \
             critical -> email (slack is off), warning -> log only (slack is off), info -> log only"
        );
        assert!(!format!("{settings:?}").contains("hunter2"));
        let email = settings.email.unwrap();
        assert_eq!(email.from.value, "robot@example.org");
        assert_eq!(email.subject_prefix, "[nba_pipeline]");
    }

    #[test]
    fn the_server_is_read_with_and_without_port() {
        let mut file = Alerts::default();
        file.email.host = Some("mail.example.org".into());
        file.email.port = Some(465);
        for (variable, expected) in [
            ("", ("mail.example.org", 465)),
            ("smtp.test", ("smtp.test", 587)),
            ("smtp.test:2525", ("smtp.test", 2525)),
            ("[::1]:25", ("::1", 25)),
            ("::1", ("::1", 587)),
        ] {
            let settings = resolve(&file, &with(&[("SMTP_HOST", variable)])).unwrap();
            let email = settings.email.unwrap();
            assert_eq!((email.host.as_str(), email.port), expected, "{variable:?}");
        }
        for wrong in [
            "smtp://x", "x:0", "x:70000", "x:", ":25", "a b", "[::1]25", "[x]:1",
        ] {
            let errors = resolve(&file, &with(&[("SMTP_HOST", wrong)])).unwrap_err();
            assert!(errors[0].starts_with("SMTP_HOST: "), "{wrong}: {errors:?}");
        }
    }

    #[test]
    fn an_account_that_is_no_address_needs_a_sender() {
        let errors = resolve(&Alerts::default(), &with(&[("EMAIL_USER", "AKIAKEY")])).unwrap_err();
        assert_eq!(errors.len(), 1);
        assert!(errors[0].starts_with("ALERT_EMAIL_FROM: ") && !errors[0].contains("AKIA"));
        let variables = with(&[
            ("EMAIL_USER", "AKIAKEY"),
            ("ALERT_EMAIL_FROM", "Alerts <alerts@example.org>"),
        ]);
        assert!(resolve(&Alerts::default(), &variables).is_ok());
    }

    #[test]
    fn wrong_addresses_are_named_where_they_stand() {
        let errors = resolve(
            &Alerts::default(),
            &with(&[("ALERT_EMAIL_TO", "a@example.org, nobody, x@@y")]),
        )
        .unwrap_err();
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert!(
            errors
                .iter()
                .all(|error| error.starts_with("ALERT_EMAIL_TO: "))
        );
        let mut file = Alerts::default();
        file.email.to = vec!["nobody".into()];
        let errors = resolve(&file, &BASE[..3]).unwrap_err();
        assert_eq!(
            errors,
            ["alerts.email.to in monitor.toml: \"nobody\" is not a mail address"]
        );
    }
}

#[cfg(all(feature = "webhook", feature = "alertmanager", feature = "channels"))]
mod further {
    use super::*;
    use crate::alerts::{AlertChannel, AlertMessage, SendError};

    const KEY: &str = "hm4c-k33p-me-out";

    struct Named(&'static str);

    impl AlertChannel for Named {
        fn name(&self) -> &str {
            self.0
        }

        fn send(&self, _: &[AlertMessage<'_>]) -> Result<(), SendError> {
            Ok(())
        }
    }

    fn registered(names: &[&'static str]) -> Registered {
        let mut registered = Registered::default();
        for name in names {
            registered.add(Named(name));
        }
        registered
    }

    fn errors(file: &Alerts, names: &[&'static str]) -> Vec<String> {
        let settings = Settings::resolve(file, "nba", registered(names), &|_| None);
        let errors = settings.map(drop).unwrap_err();
        errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_missing_is_named() {
        let switches = [
            ("ALERT_WEBHOOK_ENABLED", "1"),
            ("ALERT_ALERTMANAGER_ENABLED", "1"),
        ];
        assert_eq!(
            resolve(&Alerts::default(), &switches).unwrap_err(),
            [
                "ALERT_WEBHOOK_URL: is not set, but alerts to a webhook are on",
                "ALERT_WEBHOOK_SECRET: is not set, but alerts to a webhook are on, and each \
                 message is signed with it",
                "ALERTMANAGER_URL: is not set, but alerts to Alertmanager are on"
            ]
        );
    }

    #[test]
    fn they_are_on_without_routes_and_their_secrets_are_masked() {
        let mut file = Alerts::default();
        file.webhook.hosts = vec!["hooks.example.org".into()];
        file.alertmanager.hosts = vec!["alertmanager".into()];
        let url = format!("https://hooks.example.org{PATH}");
        let variables = [
            ("ALERT_WEBHOOK_ENABLED", "1"),
            ("ALERT_WEBHOOK_URL", &*url),
            ("ALERT_WEBHOOK_SECRET", KEY),
            ("ALERT_ALERTMANAGER_ENABLED", "1"),
            ("ALERTMANAGER_URL", "http://alertmanager:9093"),
        ];
        let settings = resolve(&file, &variables).unwrap();
        assert_eq!(
            settings.describe(),
            "webhook at hooks.example.org/***, signed; Alertmanager at alertmanager; \
             critical -> webhook + alertmanager (email, slack are off), \
             warning -> webhook + alertmanager (slack is off), info -> log only"
        );
        let shown = format!("{settings:?}");
        assert!(!shown.contains("s3cr3t") && !shown.contains(KEY), "{shown}");
        file.critical = Some(vec!["webhook".into()]);
        file.warning = Some(Vec::new());
        let line = resolve(&file, &variables).unwrap().describe();
        assert!(line.ends_with("; no route leads to alertmanager"), "{line}");
    }

    #[test]
    fn a_channel_of_ones_own_is_on_and_a_route_names_it() {
        let mut file = Alerts::default();
        let of = |file: &Alerts| {
            let settings = Settings::resolve(file, "nba", registered(&["pager"]), &|_| None);
            settings.unwrap().describe()
        };
        assert_eq!(
            of(&file),
            "the program's own pager; critical -> pager (email, slack are off), \
             warning -> pager (slack is off), info -> log only"
        );
        file.critical = Some(vec!["email".into(), "pager".into()]);
        file.warning = Some(Vec::new());
        assert!(of(&file).contains("critical -> pager (email is off), warning -> log only"));
    }

    #[test]
    fn names_that_are_wrong_and_routes_to_nowhere_stop_the_start() {
        let file = Alerts {
            critical: Some(vec!["pager".into(), "slack".into()]),
            ..Alerts::default()
        };
        let missing = errors(&file, &["other"]);
        assert_eq!(missing.len(), 1, "{missing:?}");
        assert!(
            missing[0]
                .starts_with("alerts.critical in monitor.toml: no channel `pager` is registered"),
            "{missing:?}"
        );
        for (names, part) in [
            (&["slack"][..], "`slack` is built in"),
            (&["the pager"], "not the name of a channel"),
            (&["pager", "pager"], "two channels are called `pager`"),
        ] {
            let errors = errors(&Alerts::default(), names);
            assert_eq!(errors.len(), 1, "{errors:?}");
            assert!(errors[0].contains(part), "{errors:?}");
        }
    }
}
