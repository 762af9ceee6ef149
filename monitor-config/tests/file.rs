//! Files without a mistake: every table and key, and what is left out.

use std::time::Duration;

use monitor_config::{Budget, Channels, Condition, Config, Rule, Severity};

const FULL: &str = include_str!("full.toml");

#[test]
fn every_key_is_read() {
    let config = Config::parse(FULL).expect("the file has no mistake");

    assert_eq!(config.pipeline.name.as_deref(), Some("nba_pipeline"));
    assert_eq!(config.pipeline.logs.as_deref(), Some("logs"));
    assert_eq!(config.pipeline.keep_runs, Some(30));
    let serve = config.pipeline.serve.map(|address| address.to_string());
    assert_eq!(serve.as_deref(), Some("127.0.0.1:9464"));
    assert_eq!(config.pipeline.redact, ["NBA_API_KEY"]);

    let stages = config.stages.expect("the file has stages");
    assert_eq!(stages.keys().collect::<Vec<_>>(), ["NBA-17", "etl.load:v2"]);
    let stage = &stages["NBA-17"];
    assert_eq!(
        stage.title.as_deref(),
        Some("Spielerdaten für São Paulo 🏀")
    );
    assert_eq!(stage.owner.as_deref(), Some("data-team"));
    assert_eq!(stage.runbook.as_deref(), Some("docs/runbooks/nba-17.md"));
    assert_eq!(stage.limits.max_duration, Some(Duration::from_secs(120)));
    assert_eq!(
        (stage.limits.min_records, stage.limits.max_records),
        (Some(5_000), Some(6_000))
    );
    assert_eq!(
        stage.limits.stale_after,
        Some(Duration::from_secs(26 * 3_600))
    );
    assert_eq!(
        stage.alerts,
        [
            Rule::new(Condition::Failure, Severity::Critical)
                .channels(Channels::of(&["email", "slack"]))
                .after(3)
                .within(600, 0)
                .repeat(3600, 0)
                .resolve(false),
            Rule::new(Condition::ErrorRate, Severity::Warning)
                .channels(Channels::of(&["slack"]))
                .within(600, 0)
                .above(0.2, 20),
        ]
    );
    assert_eq!(
        stages["etl.load:v2"].limits.max_duration,
        Some(Duration::from_millis(1_500))
    );

    let budgets = config.budgets.expect("the file has budgets");
    assert_eq!(
        budgets["nba-api"],
        Budget {
            ratio: 0.2,
            floor: 5.0
        }
    );
    assert_eq!(
        budgets["other"],
        Budget {
            ratio: 1.0,
            floor: 10.0
        }
    );

    let alerts = config.alerts;
    assert_eq!(
        alerts.critical,
        Some(["email", "slack", "pager"].map(str::to_owned).to_vec())
    );
    assert_eq!(
        alerts.warning,
        Some(
            ["slack", "webhook", "alertmanager"]
                .map(str::to_owned)
                .to_vec()
        )
    );
    assert_eq!(alerts.info, Some(vec![]));
    assert_eq!(alerts.subject_prefix.as_deref(), Some("[NBA-Analytics]"));
    assert_eq!(alerts.email.enabled, Some(true));
    assert_eq!(alerts.email.to, ["data@example.org", "ops@example.org"]);
    assert_eq!(alerts.email.from.as_deref(), Some("monitor@example.org"));
    assert_eq!(alerts.email.user.as_deref(), Some("monitor"));
    assert_eq!(alerts.email.host.as_deref(), Some("smtp.gmail.com"));
    assert_eq!(alerts.email.port, Some(587));
    assert_eq!(alerts.email.ca_file.as_deref(), Some("certs/ca.pem"));
    assert_eq!(alerts.slack.enabled, Some(false));
    assert_eq!(alerts.slack.hosts, ["chat.example.org"]);
    assert_eq!(alerts.channels, ["pager"]);
    assert_eq!(alerts.webhook.enabled, Some(true));
    assert_eq!(alerts.webhook.hosts, ["hooks.example.org"]);
    assert_eq!(alerts.alertmanager.enabled, Some(false));
    assert_eq!(alerts.alertmanager.hosts, ["alertmanager"]);
}

#[test]
fn an_empty_table_is_not_a_missing_one() {
    assert_eq!(Config::parse("# nothing yet\n"), Ok(Config::default()));

    let config = Config::parse("[stages]\n[budgets]").expect("the file has no mistake");
    assert_eq!(config.stages.map(|stages| stages.len()), Some(0));
    assert_eq!(config.budgets.map(|budgets| budgets.len()), Some(0));
}

#[test]
fn inline_and_dotted_forms_mean_the_same() {
    let tables = Config::parse("[alerts.email]\nto = [\"a@b\"]\n[stages.A]\nmin_records = 1");
    for same in [
        "alerts.email.to = [\"a@b\"]\nstages.A.min_records = 1",
        "alerts = { email = { to = [\"a@b\"] } }\nstages = { A = { min_records = 1 } }",
        "[alerts]\nemail = { to = [\"a@b\"] }\n[stages]\nA = { min_records = 1 }",
    ] {
        assert_eq!(Config::parse(same), tables, "{same}");
    }
}

#[test]
fn line_endings_and_a_byte_order_mark_change_nothing() {
    let plain = Config::parse(FULL);
    assert_eq!(Config::parse(&FULL.replace('\n', "\r\n")), plain);
    assert_eq!(Config::parse(&format!("\u{feff}{FULL}")), plain);
}
