//! What a program declares and does not call: in its files, and where it is a library that
//! declares it.

use std::fs;
use std::path::Path;

use monitor_runtime::{Monitor, monitored, save_metrics};
use serde_json::Value;

use crate::project;
use crate::support::{JOB_LOGS, Job};

#[monitored(stage = "DECLARED-1")]
fn called() {}

#[monitored(stage = "DECLARED-2", records = |rows| rows.len())]
fn never_called() -> Vec<u8> {
    Vec::new()
}

/// What `metrics.json` says of a stage, a metric a line.
fn rows(folder: &Path, stage: &str) -> String {
    let text = fs::read_to_string(folder.join("metrics.json")).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    let rows = rows.iter().filter(|row| row["stage"] == stage);
    rows.map(|row| format!("{} {}\n", row["metric"].as_str().unwrap(), row["value"]))
        .collect()
}

const ZERO: &str = "processing_time 0.0
calls 0
calls_ok 0
calls_error 0
calls_panic 0
calls_timeout 0
calls_cancelled 0
records_processed 0
retries 0
retry_wait 0.0
in_flight 0
";

#[test]
fn job_that_calls_one_stage() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let logs = Path::new(&logs);
    let monitor = Monitor::builder().logs(logs).install().unwrap();
    save_metrics().unwrap();
    assert_eq!(rows(logs, "DECLARED-1"), ZERO);
    assert_eq!(rows(logs, "DECLARED-2"), ZERO);

    called();
    save_metrics().unwrap();
    let of_one = rows(logs, "DECLARED-1");
    for row in ["calls 1", "processing_time_p50 ", "error_rate 0.0"] {
        assert!(of_one.contains(row), "{row} in {of_one}");
    }
    assert_eq!(rows(logs, "DECLARED-2"), ZERO);
    drop(monitor);

    let report = fs::read_to_string(logs.join("dashboard.html")).unwrap();
    assert!(report.contains("DECLARED-1"));
    assert!(!report.contains("DECLARED-2"), "it tells what was called");
    let _: fn() -> Vec<u8> = never_called;
}

#[test]
fn metrics_json_has_the_declared_stages_at_zero() {
    let name = "declared::job_that_calls_one_stage";
    let job = Job::new(name, [("NO_COLOR", "1")]).finish();
    assert!(job.success, "{}", job.output);
    assert!(job.output.contains("1 passed"), "{}", job.output);
}

const LIBRARY: &str = r#"#![forbid(unsafe_code)]
#![deny(warnings)]

pub fn used() {}

pub mod cleaning {
    #[monitor_runtime::monitored(stage = "NBA-18")]
    pub fn clean(rows: Vec<u8>) -> Vec<u8> {
        rows
    }

    #[monitor_runtime::monitored(stage = "NBA-19")]
    pub async fn load<T: Send>(rows: T) -> T {
        rows
    }
}
"#;

const PROGRAM: &str = r#"fn main() {
    stages::used();
    for stage in monitor_runtime::snapshot().stages {
        for function in stage.functions {
            println!("{} {} {}", stage.stage, function.function, function.line);
        }
    }
}
"#;

/// What the program says of a library of which it calls nothing that is monitored.
fn said(with: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("declared-{with}"));
    fs::create_dir_all(folder.join("src")).expect("the project's folder");
    let runtime = project::runtime().replace("{ path", "{ default-features = false, path");
    let manifest = format!(
        "[package]\nname = \"stages\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
         [workspace]\n\n[features]\nenable = [\"monitor-runtime/enable\"]\nnothing = []\n\n\
         [dependencies]\n{runtime}\n"
    );
    for (file, content) in [
        ("Cargo.toml", manifest.as_str()),
        ("src/lib.rs", LIBRARY),
        ("src/main.rs", PROGRAM),
    ] {
        fs::write(folder.join(file), content).expect("a writable project");
    }
    project::write_lock(&folder);
    let output = project::cargo(&folder)
        .args(["run", "--quiet", "--offline", "--features", with])
        .output()
        .expect("Cargo can be started");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_library_of_which_nothing_is_called_declares_its_stages() {
    assert_eq!(said("enable"), "NBA-18 clean 7\nNBA-19 load 12\n");
}

#[test]
fn without_the_feature_nothing_is_declared() {
    assert_eq!(said("nothing"), "");
}
