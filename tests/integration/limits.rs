//! Limits on a call, rules that raise alerts, and records that must not get lost.

use monitor_runtime::{Monitor, monitored, testing};
use serde_json::Value;

use crate::support::{JOB_LOGS, Job};

fn messages(run: &testing::Capture) -> Vec<(String, String)> {
    run.alerts().iter().map(message).collect()
}

fn message(line: &Value) -> (String, String) {
    let text = |key: &str| line[key].as_str().unwrap().to_owned();
    (text("level"), text("message"))
}

struct Cleaned {
    rows: Vec<u32>,
    rejected: usize,
}

#[monitored(stage = "NBA-18", records_in = rows.len(), records = |cleaned| cleaned.rows.len(), rejected = |cleaned| cleaned.rejected)]
fn clean(rows: Vec<u32>, lose: usize) -> Cleaned {
    let (rows, bad): (Vec<u32>, Vec<u32>) = rows.into_iter().partition(|row| row % 2 == 0);
    let kept = rows.len().saturating_sub(lose);
    Cleaned {
        rows: rows[..kept].to_vec(),
        rejected: bad.len(),
    }
}

#[test]
fn records_in_out_and_rejected_are_counted_and_add_up() {
    let run = testing::capture();
    clean(vec![1, 2, 4], 0);
    let end = &run.events("CLEAN_END")[0]["data"];
    assert_eq!(
        (&end["records_in"], &end["records"]),
        (&3.into(), &2.into())
    );
    assert_eq!(end["rejected"], 1);
    assert_eq!(end["unaccounted"], Value::Null);
    assert_eq!(messages(&run), []);
    let totals = &run.snapshot().stages[0].totals;
    assert_eq!((totals.records_in, totals.records), (3, 2));
    assert_eq!(
        (totals.records_rejected, totals.records_unaccounted),
        (1, 0)
    );
}

#[test]
fn lost_records_are_shown_and_raise_a_warning() {
    let run = testing::capture();
    clean(vec![1, 2, 4], 1);
    assert_eq!(run.events("CLEAN_END")[0]["data"]["unaccounted"], 1);
    let text = "🚨 ALERT [WARNING]: NBA-18 lost records: received 3, passed 1, rejected 1, 1 unaccounted for";
    assert_eq!(messages(&run), [("WARNING".to_owned(), text.to_owned())]);
    assert_eq!(run.snapshot().stages[0].totals.records_unaccounted, 1);
}

#[test]
fn more_records_than_were_given_raise_a_warning() {
    #[monitored(stage = "NBA-18", records_in = 1_u8, records = |rows| rows.len())]
    fn double() -> Vec<u8> {
        vec![1, 1]
    }

    let run = testing::capture();
    double();
    assert!(
        messages(&run)[0].1.ends_with("1 too many"),
        "{:?}",
        messages(&run)
    );
}

#[monitored(stage = "NBA-17", records = |n| *n, min_records = 10, max_records = 20, alert(on = "records", level = "critical"))]
fn fetch(n: u32) -> Result<u32, String> {
    if n == 0 {
        Err("none".to_owned())
    } else {
        Ok(n)
    }
}

#[test]
fn too_few_and_too_many_records_raise_what_the_rule_says() {
    let run = testing::capture();
    for n in [9, 10, 20, 21] {
        fetch(n).unwrap();
    }
    let few = "🚨 ALERT [CRITICAL]: NBA-17 produced 9 records, at least 10 are expected";
    let many = "🚨 ALERT [CRITICAL]: NBA-17 produced 21 records, at most 20 are expected";
    let over = "🚨 ALERT [CRITICAL]: NBA-17 has the expected records again, after: NBA-17 produced 9 records, at least 10 are expected";
    assert_eq!(
        messages(&run),
        [few, over, many].map(|text| ("CRITICAL".to_owned(), text.to_owned()))
    );
}

#[test]
fn a_failure_is_no_question_of_records() {
    let run = testing::capture();
    fetch(0).unwrap_err();
    assert_eq!(messages(&run), []);
}

#[monitored(stage = "NBA-17", max_duration = "1ns", level = "off")]
fn slow() {
    std::hint::black_box(vec![0_u8; 64]);
}

#[test]
fn a_slow_call_has_a_line_and_raises_one_warning() {
    let run = testing::capture();
    slow();
    assert_eq!(run.events("call.slow").len(), 1);
    let [(level, text)] = &messages(&run)[..] else {
        panic!("{:?}", run.lines());
    };
    assert_eq!(level, "WARNING");
    assert!(text.contains("NBA-17") && text.contains("1 ns"), "{text}");
}

/// Whoever waits for the alert waits for what it is about: it comes while the call runs.
#[test]
fn a_call_that_is_still_running_is_told_to_be_slow() {
    #[monitored(
        stage = "NBA-17",
        max_duration = "5ms",
        alert(on = "slow", level = "critical")
    )]
    fn hang(told: &dyn Fn() -> bool) {
        while !told() {
            std::thread::yield_now();
        }
    }

    let run = testing::capture();
    hang(&|| !run.alerts().is_empty());
    let text = "🚨 ALERT [CRITICAL]: NBA-17 is slow: it has been running for more than 5 ms";
    assert_eq!(messages(&run), [("CRITICAL".to_owned(), text.to_owned())]);
    assert_eq!(run.events("call.slow").len(), 1);
    assert_eq!(run.events("call.slow")[0]["data"]["limit"], 0.005);
}

#[test]
fn a_call_in_time_is_not_slow() {
    #[monitored(stage = "NBA-17", max_duration = "1h")]
    fn quick() {}

    let run = testing::capture();
    quick();
    assert_eq!(run.events("call.slow"), Vec::<Value>::new());
}

#[monitored(
    stage = "NBA-19",
    alert = "warning",
    alert(on = "panic", level = "critical")
)]
fn load(how: &str) -> Result<(), String> {
    assert_ne!(how, "panic", "asked to");
    if how == "error" {
        Err("refused".to_owned())
    } else {
        Ok(())
    }
}

#[test]
fn of_several_rules_the_highest_severity_counts() {
    let run = testing::capture();
    load("well").unwrap();
    load("error").unwrap_err();
    let panic = std::panic::catch_unwind(|| load("panic"));
    assert!(panic.is_err());
    let levels: Vec<_> = messages(&run).into_iter().map(|(level, _)| level).collect();
    assert_eq!(levels, ["WARNING", "CRITICAL"]);
}

#[test]
fn a_cancelled_future_raises_what_its_rule_says() {
    #[monitored(stage = "NBA-19", alert(on = "cancelled"))]
    async fn wait() {
        std::future::pending::<()>().await;
    }

    let run = testing::capture();
    {
        let mut waiting = Box::pin(wait());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(waiting.as_mut().poll(&mut context).is_pending());
    }
    let [(level, text)] = &messages(&run)[..] else {
        panic!("{:?}", run.lines());
    };
    assert_eq!(level, "WARNING");
    assert!(text.contains("NBA-19 was cancelled after"), "{text}");
}

#[test]
fn the_busy_time_and_the_polls_of_a_future_are_measured() {
    #[monitored(stage = "NBA-19", event = "POLLED")]
    async fn twice() {
        futures_lite::future::yield_now().await;
    }

    let run = testing::capture();
    futures_lite::future::block_on(twice());
    let data = &run.events("POLLED_END")[0]["data"];
    assert_eq!(data["polls"], 2);
    let seconds = |key: &str| data[key].as_f64().unwrap();
    assert!(0.0 < seconds("busy") && seconds("busy") <= seconds("duration"));
}

#[test]
fn job_with_limits_in_its_file() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let monitor = Monitor::builder().logs(logs).install().unwrap();
    fetch(12).unwrap();
    monitor.finish();
}

#[test]
fn the_limits_of_monitor_toml_come_before_those_of_the_attribute() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monitor.toml");
    std::fs::write(&file, "[stages.NBA-17]\nmin_records = 13\n").unwrap();
    let job = Job::new(
        "limits::job_with_limits_in_its_file",
        [("MONITOR_CONFIG", &file)],
    )
    .finish();
    assert!(job.success, "{}", job.output);
    let text = "ALERT [CRITICAL]: NBA-17 produced 12 records, at least 13 are expected";
    assert!(job.logs.contains(text), "{}", job.logs);
}

#[monitored(stage = "NBA-18", records = |rows| *rows)]
fn whole_stage() -> usize {
    (0..3).map(|_| part_of_the_stage()).sum()
}

#[monitored(stage = "NBA-18", records = |rows| *rows)]
fn part_of_the_stage() -> usize {
    2
}

#[test]
fn job_with_parts_of_a_stage() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let monitor = Monitor::builder().logs(logs).install().unwrap();
    whole_stage();
    monitor.finish();
}

/// The example warned 26 times that a page has fewer records than the stage should have.
#[test]
fn the_limits_of_a_stage_are_not_those_of_its_parts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monitor.toml");
    std::fs::write(&file, "[stages.NBA-18]\nmin_records = 5\n").unwrap();
    let job = Job::new(
        "limits::job_with_parts_of_a_stage",
        [("MONITOR_CONFIG", &file)],
    )
    .finish();
    assert!(job.success, "{}", job.output);
    assert!(!job.logs.contains("alert.raised"), "{}", job.logs);
}
