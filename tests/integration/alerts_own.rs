//! Channels that a program registers itself, and the test alert.

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};

use monitor_runtime::{
    AlertChannel, AlertMessage, Monitor, SendError, Severity, json, send_alert, send_test_alert,
};

use crate::support::{
    JOB_LOGS, Job,
    webhook::{Answer, Webhook},
};

const OWN_JOB: &str = "alerts_own::job";
/// What the channel of the job does, by name.
const BEHAVIOUR: &str = "JOB_PAGER";

struct Pager {
    behaviour: String,
    calls: AtomicU32,
}

impl AlertChannel for Pager {
    fn name(&self) -> &str {
        "pager"
    }

    fn send(&self, alerts: &[AlertMessage<'_>]) -> Result<(), SendError> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        for alert in alerts {
            println!("\nPAGED {call} {}", alert.message());
        }
        match (self.behaviour.as_str(), call) {
            ("busy", 1..=2) => Err(SendError::retry("the line is engaged")),
            ("panic", 1) => panic!("a mistake in the channel"),
            ("refuse", _) => Err(SendError::permanent("no such number")),
            _ => Ok(()),
        }
    }
}

#[test]
fn job() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let behaviour = std::env::var(BEHAVIOUR).unwrap_or_default();
    let pager = Pager {
        behaviour: behaviour.clone(),
        calls: AtomicU32::new(0),
    };
    let mut builder = Monitor::builder().logs(logs);
    if behaviour != "absent" {
        builder = builder.alert_channel(pager);
    }
    let guard = match builder.install() {
        Ok(guard) => guard,
        Err(error) => panic!("{error}"),
    };
    if behaviour == "test" {
        for delivery in send_test_alert() {
            println!("\nTESTED {}: {:?}", delivery.channel, delivery.result);
        }
        return;
    }
    send_alert(Severity::Critical, "first", json!({"stage": "NBA-17"}));
    let so_far = guard.flush_alerts(std::time::Duration::from_secs(20));
    assert_eq!(so_far.pending, 0);
    send_alert(Severity::Warning, "second", json!({}));
    drop(guard);
}

fn paged(output: &str) -> Vec<&str> {
    let lines = output.lines();
    lines
        .filter_map(|line| line.strip_prefix("PAGED "))
        .collect()
}

#[test]
fn it_has_critical_alerts_and_warnings_and_is_asked_again() {
    let job = Job::new(OWN_JOB, [(BEHAVIOUR, "busy")]).finish();
    assert!(job.success, "{}", job.output);
    assert_eq!(
        paged(&job.output),
        ["1 first", "2 first", "3 first", "4 second"]
    );
    assert!(
        job.output.contains("the program's own pager"),
        "{}",
        job.output
    );
}

#[test]
fn a_panic_costs_one_alert_and_not_the_channel() {
    let job = Job::new(OWN_JOB, [(BEHAVIOUR, "panic")]).finish();
    assert!(job.success, "{}", job.output);
    assert_eq!(paged(&job.output), ["1 first", "2 second"]);
    assert!(
        job.logs.contains("the channel's code panicked"),
        "{}",
        job.logs
    );
}

#[test]
fn a_refusal_is_said() {
    let job = Job::new(OWN_JOB, [(BEHAVIOUR, "refuse")]).finish();
    assert!(job.success, "{}", job.output);
    assert!(job.output.contains("no such number"), "{}", job.output);
}

#[test]
fn routes_name_it_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monitor.toml");
    let text = "[alerts]\nchannels = [\"pager\"]\ncritical = [\"email\"]\nwarning = [\"pager\"]\n";
    fs::write(&file, text).unwrap();
    let config = ("MONITOR_CONFIG", file.display().to_string());
    let job = Job::new(OWN_JOB, [config.clone()]).finish();
    assert!(job.success, "{}", job.output);
    assert_eq!(paged(&job.output), ["1 second"]);

    let absent = (BEHAVIOUR, "absent".to_owned());
    let job = Job::new(OWN_JOB, [config, absent]).finish();
    assert!(!job.success, "{}", job.output);
    let said = "alerts.warning in monitor.toml: no channel `pager` is registered";
    assert!(job.output.contains(said), "{}", job.output);
}

#[test]
fn a_test_alert_tells_what_became_of_it_at_each_channel() {
    let slack = Webhook::start([Answer::NoService]);
    let job = Job::new(
        OWN_JOB,
        [
            (BEHAVIOUR, "test".to_owned()),
            ("ALERT_SLACK_ENABLED", "on".to_owned()),
            ("SLACK_WEBHOOK_URL", slack.url()),
        ],
    )
    .finish();
    assert!(job.success, "{}", job.output);
    let tested: Vec<&str> = job
        .output
        .lines()
        .filter_map(|line| line.strip_prefix("TESTED "))
        .collect();
    assert_eq!(
        tested,
        [
            "slack: Err(\"Slack answered 404 Not Found: no_service\")",
            "pager: Ok(())"
        ]
    );
    assert_eq!(
        paged(&job.output),
        [format!("1 Test: alerts of {} arrive here", name())]
    );
    assert_eq!(slack.rest().len(), 1);
}

/// The job's pipeline: it is named after the program.
fn name() -> String {
    let program = std::env::current_exe().unwrap();
    program.file_stem().unwrap().to_string_lossy().into_owned()
}
