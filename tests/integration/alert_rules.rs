//! Rules: when an alert is raised, how one failure is told once, and when it is over.

use std::time::Duration;

use monitor_runtime::{Monitor, monitored, retry, testing};
use serde_json::Value;

use crate::support::{JOB_LOGS, Job};

/// Level and words of each alert.
fn alerts(run: &testing::Capture) -> Vec<String> {
    let words = |line: &Value| {
        let message = line["message"].as_str().unwrap();
        message.trim_start_matches("🚨 ALERT ").to_owned()
    };
    run.alerts().iter().map(words).collect()
}

fn reasons(run: &testing::Capture) -> Vec<String> {
    let reason = |line: &Value| line["data"]["reason"].as_str().unwrap().to_owned();
    run.events("alert.suppressed").iter().map(reason).collect()
}

const HOUR: Duration = Duration::from_secs(3600);

#[monitored(stage = "NBA-17", alert = "critical")]
fn ingest(error: &str) -> Result<(), String> {
    if error.is_empty() {
        Ok(())
    } else {
        Err(error.to_owned())
    }
}

#[test]
fn a_failure_is_told_once_summed_up_and_told_to_be_over() {
    let run = testing::capture();
    for page in 0..18 {
        ingest(&format!("page {page} refused")).unwrap_err();
    }
    assert_eq!(alerts(&run), ["[CRITICAL]: NBA-17 failed: page 0 refused"]);
    assert_eq!(reasons(&run), ["was told lately"; 17]);
    let last = &run.events("alert.suppressed")[16];
    assert_eq!(last["level"], "CRITICAL");
    assert_eq!(last["data"]["count"], 17);
    assert_eq!(
        last["data"]["fingerprint"],
        "NBA-17 failure: page # refused"
    );

    run.advance(3 * HOUR);
    assert_eq!(run.alerts().len(), 1);
    run.advance(HOUR);
    let summed_up = &alerts(&run)[1];
    assert!(
        summed_up.starts_with("[CRITICAL]: NBA-17: 17 more since "),
        "{summed_up}"
    );
    assert!(
        summed_up.ends_with("last: NBA-17 failed: page 17 refused"),
        "{summed_up}"
    );

    ingest("").unwrap();
    ingest("").unwrap();
    let over = "[CRITICAL]: NBA-17 succeeds again, after: NBA-17 failed: page 17 refused";
    assert_eq!(alerts(&run)[2..], [over]);
    assert_eq!(run.alerts()[2]["data"]["times"], 18);
}

#[test]
fn who_ends_many_troubles_does_not_tell_all_of_that_itself() {
    let run = testing::capture();
    for c in 'g'..='z' {
        ingest(&format!("{c} refused")).unwrap_err();
    }
    ingest("").unwrap();
    assert_eq!(run.alerts().len(), 20 + 10);
    run.advance(Duration::from_secs(1));
    assert_eq!(run.alerts().len(), 20 + 20);
}

#[test]
fn another_error_is_another_alert() {
    let run = testing::capture();
    for error in ["refused", "timed out", "refused"] {
        ingest(error).unwrap_err();
    }
    assert_eq!(run.alerts().len(), 2);
}

#[monitored(
    stage = "NBA-17",
    alert(on = "failure", repeat = "1h", resolve = false)
)]
fn quiet(fails: bool) -> Result<(), &'static str> {
    if fails { Err("refused") } else { Ok(()) }
}

#[test]
fn how_often_and_whether_the_end_is_told_is_the_rules() {
    let run = testing::capture();
    quiet(true).unwrap_err();
    quiet(true).unwrap_err();
    quiet(false).unwrap();
    assert_eq!(alerts(&run).len(), 1);
    run.advance(HOUR);
    assert_eq!(alerts(&run).len(), 2);
}

#[monitored(
    stage = "NBA-17",
    alert = "info",
    alert(on = "failure", level = "critical", after = 3, within = "10m")
)]
fn escalates() -> Result<(), &'static str> {
    Err("refused")
}

#[test]
fn the_third_failure_within_ten_minutes_is_louder() {
    let run = testing::capture();
    for minutes in [0, 4, 7, 9] {
        escalates().unwrap_err();
        run.advance(Duration::from_secs(60 * minutes));
    }
    let words = "NBA-17 failed: refused";
    // The first was eleven minutes before the fourth.
    let told = alerts(&run);
    assert_eq!(told[0], format!("[INFO]: {words}"));
    assert!(
        told[1].starts_with(&format!("[CRITICAL]: {words} (1 more since ")),
        "{told:?}"
    );
    assert_eq!(told.len(), 2);
}

#[monitored(stage = "NBA-17", alert(on = "failure", after = 3))]
fn in_a_row(fails: bool) -> Result<(), &'static str> {
    if fails { Err("refused") } else { Ok(()) }
}

#[test]
fn without_a_time_failures_count_that_follow_each_other() {
    let run = testing::capture();
    for fails in [true, true, false, true, true] {
        let _ = in_a_row(fails);
    }
    assert_eq!(alerts(&run).len(), 0);
    assert_eq!(reasons(&run), ["waits for more"; 4]);
    in_a_row(true).unwrap_err();
    assert_eq!(alerts(&run), ["[WARNING]: NBA-17 failed: refused"]);
}

#[monitored(
    stage = "NBA-17",
    alert(on = "error_rate", above = 0.2, within = "10m", level = "critical")
)]
fn often(fails: bool) -> Result<(), &'static str> {
    if fails { Err("refused") } else { Ok(()) }
}

#[test]
fn an_error_rate_is_of_enough_calls_told_once_and_over_when_it_falls() {
    let run = testing::capture();
    for _ in 0..9 {
        often(true).unwrap_err();
    }
    assert_eq!(alerts(&run).len(), 0);
    often(true).unwrap_err();
    let words = "[CRITICAL]: NBA-17 fails too often: 10 of 10 calls in the last 10 min (100 %, the limit is 20 %)";
    assert_eq!(alerts(&run), [words]);
    assert_eq!(run.alerts()[0]["data"]["failed"], 10);
    run.advance(HOUR);
    for _ in 0..10 {
        often(false).unwrap();
    }
    run.advance(Duration::from_secs(1));
    let over = &alerts(&run)[1];
    assert!(
        over.starts_with("[CRITICAL]: NBA-17 has fewer errors again"),
        "{over}"
    );
}

#[derive(Debug, thiserror::Error)]
enum JobError {
    #[error("the job failed")]
    Ingestion(#[from] IngestError),
    #[error("no pages left")]
    Pages,
}

#[derive(Debug, thiserror::Error)]
#[error("connection refused")]
struct IngestError;

#[monitored(stage = "NBA-18", alert(on = "failure", level = "warning"))]
fn inner(fails: bool) -> Result<(), IngestError> {
    if fails { Err(IngestError) } else { Ok(()) }
}

#[monitored(stage = "NBA-19")]
fn between() -> Result<(), JobError> {
    Ok(inner(true)?)
}

#[monitored(stage = "NBA-20", alert = "critical")]
fn outer() -> Result<(), JobError> {
    between()
}

#[test]
fn a_failure_that_passes_through_stages_is_told_once_from_the_innermost_as_loud_as_asked() {
    let run = testing::capture();
    outer().unwrap_err();
    assert_eq!(
        alerts(&run),
        ["[CRITICAL]: NBA-18 failed: connection refused"]
    );
    let through = &run.alerts()[0]["data"]["passed_through"];
    assert_eq!(through[0]["stage"], "NBA-19");
    assert_eq!(through[1]["stage"], "NBA-20");
    assert_eq!(through[1]["error"], "the job failed");
    assert_eq!(reasons(&run), ["is told by an inner stage"]);
}

#[monitored(stage = "NBA-20", alert = "critical")]
fn falls_back(then_fails: bool) -> Result<(), JobError> {
    let _ = inner(true);
    if then_fails {
        // Long enough after for another failure: a rule's clock is all that passes.
        return Err(JobError::Pages);
    }
    Ok(())
}

#[test]
fn a_failure_that_is_handled_is_told_by_its_own_stage_only() {
    let run = testing::capture();
    falls_back(false).unwrap();
    assert_eq!(
        alerts(&run),
        ["[WARNING]: NBA-18 failed: connection refused"]
    );
}

#[test]
fn another_failure_later_in_the_outer_call_is_told_as_well() {
    #[monitored(stage = "NBA-20", alert = "critical")]
    fn fails_later(run: &testing::Capture) -> Result<(), JobError> {
        let _ = inner(true);
        run.advance(Duration::from_millis(500));
        Err(JobError::Pages)
    }

    let run = testing::capture();
    fails_later(&run).unwrap_err();
    let told = [
        "[WARNING]: NBA-18 failed: connection refused",
        "[CRITICAL]: NBA-20 failed: no pages left",
    ];
    assert_eq!(alerts(&run), told);
}

#[test]
fn what_is_held_for_long_is_told_while_the_outer_call_runs() {
    #[monitored(stage = "NBA-20", alert = "critical")]
    fn takes_long(run: &testing::Capture) -> Result<(), JobError> {
        let failed = inner(true);
        assert_eq!(alerts(run).len(), 0);
        run.advance(Duration::from_secs(1));
        assert_eq!(alerts(run).len(), 1);
        Ok(failed?)
    }

    let run = testing::capture();
    takes_long(&run).unwrap_err();
    // Once more, since the outer stage asks for more.
    let failed = "NBA-18 failed: connection refused";
    let told = alerts(&run);
    assert_eq!(told[0], format!("[WARNING]: {failed}"));
    assert_eq!(told[1..], [format!("[CRITICAL]: {failed}")]);
}

#[monitored(stage = "NBA-18", alert = "warning")]
async fn inner_async() -> Result<(), IngestError> {
    tokio::task::yield_now().await;
    Err(IngestError)
}

#[monitored(stage = "NBA-20", alert = "critical")]
async fn outer_async() -> Result<(), JobError> {
    let result = inner_async().await;
    tokio::task::yield_now().await;
    Ok(result?)
}

#[tokio::test]
async fn an_async_failure_that_passes_through_stages_is_told_once() {
    let run = testing::capture();
    outer_async().await.unwrap_err();
    assert_eq!(
        alerts(&run),
        ["[CRITICAL]: NBA-18 failed: connection refused"]
    );
}

#[test]
fn a_panic_that_passes_through_stages_is_told_once() {
    #[monitored(stage = "NBA-18", alert = "warning")]
    fn panics() {
        panic!("out of players")
    }

    #[monitored(stage = "NBA-20", alert = "critical")]
    fn around() {
        panics();
    }

    let run = testing::capture();
    std::panic::catch_unwind(around).unwrap_err();
    let told = alerts(&run);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("[CRITICAL]: NBA-18 failed: "),
        "{told:?}"
    );
}

#[monitored(stage = "NBA-20", alert = "critical")]
#[retry(max = 3, delay = 2)]
fn retried_outside(failures: &mut u32) -> Result<(), IngestError> {
    let fails = *failures > 0;
    *failures = failures.saturating_sub(1);
    inner(fails)
}

#[retry(max = 3, delay = 2)]
#[monitored(stage = "NBA-20", alert = "critical")]
fn retried_inside(failures: &mut u32) -> Result<(), IngestError> {
    let fails = *failures > 0;
    *failures = failures.saturating_sub(1);
    inner(fails)
}

#[test]
fn what_another_attempt_cures_is_not_told() {
    for retried in [retried_outside, retried_inside] {
        let run = testing::capture();
        retried(&mut 2).unwrap();
        assert_eq!(alerts(&run).len(), 0, "{:?}", alerts(&run));
        assert_eq!(reasons(&run), ["is tried again"; 2]);
    }
}

#[test]
fn what_no_attempt_cures_is_told_once_after_the_last() {
    for retried in [retried_outside, retried_inside] {
        let run = testing::capture();
        retried(&mut 3).unwrap_err();
        assert_eq!(
            alerts(&run),
            ["[CRITICAL]: NBA-18 failed: connection refused"]
        );
    }
}

#[retry(max = 3, delay = 2)]
#[monitored(stage = "NBA-17", alert(on = "failure", after = 2))]
async fn attempts() -> Result<(), &'static str> {
    Err("refused")
}

#[tokio::test]
async fn attempts_are_one_event_of_a_rule_that_counts() {
    let run = testing::capture();
    attempts().await.unwrap_err();
    assert_eq!(alerts(&run).len(), 0);
    attempts().await.unwrap_err();
    assert_eq!(alerts(&run), ["[WARNING]: NBA-17 failed: refused"]);
    assert_eq!(run.alerts()[0]["data"]["attempts"], 3);
}

#[test]
fn a_stage_within_itself_is_one_failure() {
    #[monitored(stage = "NBA-17", alert = "warning")]
    fn part() -> Result<(), &'static str> {
        Err("refused")
    }

    #[monitored(stage = "NBA-17", alert = "warning")]
    fn whole() -> Result<(), &'static str> {
        part()
    }

    let run = testing::capture();
    whole().unwrap_err();
    assert_eq!(alerts(&run), ["[WARNING]: NBA-17 failed: refused"]);
}

#[monitored(stage = "NBA-21", records = |n| *n, min_records = 10)]
fn count(n: u32) -> u32 {
    n
}

#[test]
fn limits_fold_and_are_over_in_the_same_way() {
    let run = testing::capture();
    for n in [5, 6, 12, 12] {
        count(n);
    }
    let told = alerts(&run);
    assert_eq!(
        told[0],
        "[WARNING]: NBA-21 produced 5 records, at least 10 are expected"
    );
    assert!(
        told[1].starts_with("[WARNING]: NBA-21 has the expected records again"),
        "{told:?}"
    );
    assert_eq!(told.len(), 2);
    assert_eq!(reasons(&run), ["was told lately"]);
}

#[test]
fn an_alert_says_what_is_usual() {
    #[monitored(stage = "NBA-22", records = |n| *n, fields(season), alert = "critical")]
    fn usual(n: u32, season: &str) -> Result<u32, String> {
        if n == 0 {
            Err(format!("no players in {season}"))
        } else {
            Ok(n)
        }
    }

    let run = testing::capture();
    for n in [10, 20, 30] {
        usual(n, "2023-24").unwrap();
    }
    usual(0, "2024-25").unwrap_err();
    let data = &run.alerts()[0]["data"];
    assert_eq!(data["stage"], "NBA-22");
    assert_eq!(data["function"], "usual");
    assert_eq!(data["error"], "no players in 2024-25");
    assert_eq!(data["season"], "2024-25");
    assert_eq!(data["usual_records"], 20);
    assert_eq!(data["attempts"], 1);
    assert!(data["usual_duration"].is_f64() && data["duration"].is_f64());
    let last = data["last_success"].as_str().unwrap();
    assert!(last.starts_with("20") && last.ends_with('Z'), "{last}");
}

#[test]
fn job_with_rules_in_its_file() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let monitor = Monitor::builder().logs(logs).install().unwrap();
    for _ in 0..4 {
        in_the_file().unwrap_err();
    }
    monitor.finish();
}

#[monitored(stage = "NBA-23", alert = "info")]
fn in_the_file() -> Result<(), &'static str> {
    Err("it's \"refused\"")
}

#[test]
fn the_rules_of_monitor_toml_hold_beside_those_of_the_attribute() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monitor.toml");
    let text = "[stages.NBA-23]\nowner = \"data-team\"\nrunbook = \"docs/nba-23.md\"\n\
                [[stages.NBA-23.alerts]]\non = \"failure\"\nlevel = \"critical\"\nafter = 3\n";
    std::fs::write(&file, text).unwrap();
    let job = Job::new(
        "alert_rules::job_with_rules_in_its_file",
        [("MONITOR_CONFIG", &file)],
    )
    .finish();
    assert!(job.success, "{}", job.output);
    let line = |what: &str| {
        // Those of the log, and not of the outbox.
        let is_it = |line: &&str| line.contains(what) && line.contains("\"event_type\"");
        let mut lines = job.logs.lines().filter(is_it);
        let line = lines
            .next()
            .unwrap_or_else(|| panic!("{what}: {}", job.logs));
        serde_json::from_str::<Value>(line).unwrap()
    };
    assert_eq!(line("ALERT [INFO]")["data"]["owner"], "data-team");
    let critical = line("🚨 ALERT [CRITICAL]");
    assert_eq!(critical["data"]["runbook"], "docs/nba-23.md");
    assert_eq!(critical["data"]["repeated"], 1);
    // The fourth was counted, and is not lost.
    assert_eq!(line("run.end")["data"]["alerts_not_told"], 1);
    assert_eq!(line("the run ends")["data"]["count"], 1);
}

#[test]
fn job_that_shows_its_lines() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let monitor = Monitor::builder()
        .logs(std::path::Path::new(&logs).join("it's"))
        .install()
        .unwrap();
    in_the_file().unwrap_err();
    let log = std::fs::read_to_string(monitor.paths().log()).unwrap();
    let alert = log
        .lines()
        .find(|line| line.contains("alert.raised"))
        .unwrap();
    let alert: Value = serde_json::from_str(alert).unwrap();
    let command = alert["data"]["command"].as_str().unwrap();
    // The shell is given a jq that shows what it is given.
    let script = format!("jq() {{ printf '%s\\n' \"$@\"; }}; {command}");
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let run = alert["run_id"].as_str().unwrap();
    let filter = format!("select(.run_id==\"{run}\" and .stage==\"NBA-23\")");
    assert_eq!(
        output,
        format!("-c\n{filter}\n{}\n", monitor.paths().log().display())
    );
    eprintln!("the command was read as it was meant");
}

#[test]
fn the_command_is_safe_in_a_shell() {
    let job = Job::new("alert_rules::job_that_shows_its_lines", [("NOTHING", "")]).finish();
    assert!(job.success, "{}", job.output);
    assert!(
        job.output.contains("read as it was meant"),
        "{}",
        job.output
    );
}

#[test]
fn the_next_run_knows_what_was_told() {
    let folder = tempfile::tempdir().unwrap();
    let run = |errors: &[&str]| {
        let builder = Monitor::builder()
            .logs(folder.path())
            .console(std::io::sink());
        let monitor = testing::install(builder).unwrap();
        for error in errors {
            let _ = ingest(error);
        }
        let log = std::fs::read_to_string(monitor.paths().log()).unwrap();
        log.matches("alert.raised").count()
    };
    assert_eq!(run(&["refused", "refused"]), 1);
    assert_eq!(run(&["refused"]), 1);
    assert_eq!(run(&["", ""]), 2);
    let state = std::fs::read_to_string(folder.path().join("alerts-state.json")).unwrap();
    assert!(state.contains("NBA-17 failure: refused"), "{state}");
    // A file that somebody has spoilt is no reason not to start.
    std::fs::write(folder.path().join("alerts-state.json"), "{\"schema\":").unwrap();
    assert_eq!(run(&["refused"]), 3);
}

/// Nothing is looked at when such a call succeeds: it has no lines.
#[test]
fn a_stage_without_lines_is_told_to_be_well_again_a_little_later() {
    #[monitored(stage = "NBA-24", level = "off", alert = "critical")]
    fn silent(fails: bool) -> Result<(), &'static str> {
        if fails { Err("refused") } else { Ok(()) }
    }

    let run = testing::capture();
    silent(true).unwrap_err();
    run.advance(Duration::from_secs(1));
    run.advance(Duration::from_secs(1));
    assert_eq!(alerts(&run).len(), 1);
    silent(false).unwrap();
    run.advance(Duration::from_secs(1));
    assert!(
        alerts(&run)[1].contains("succeeds again"),
        "{:?}",
        alerts(&run)
    );
}
