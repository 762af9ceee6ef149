//! `#[monitor_runtime::main]`: the quickstart, run as a user runs it.

use std::fs;

use serde_json::Value;

use crate::support::example;

#[test]
fn a_program_is_one_run_with_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let output = example("quickstart")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let log = fs::read_to_string(folder.path().join("logs/pipeline.json")).unwrap();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let types: Vec<_> = lines
        .iter()
        .filter_map(|line| line["event_type"].as_str())
        .collect();
    assert_eq!(
        types,
        [
            "run.start",
            "INGESTION_START",
            "INGESTION_END",
            "INGESTION_START",
            "call.retry",
            "call.retry",
            "INGESTION_ERROR",
            "alert.raised",
            "run.end",
        ]
    );
    assert!(
        lines.iter().all(|line| line["name"] == "quickstart"),
        "{log}"
    );
    assert_eq!(lines[2]["data"]["records"], 2);
    for file in ["metrics.json", "dashboard.html"] {
        assert!(folder.path().join("logs").join(file).exists(), "{file}");
    }
}

#[test]
fn a_mistake_in_the_configuration_exits_with_2_before_the_body_runs() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("bad.toml");
    fs::write(
        &config,
        "[pipeline]\nnmae = \"x\"\n[alerts]\ncritical = [\"pager\"]\n",
    )
    .unwrap();
    let output = example("quickstart")
        .current_dir(folder.path())
        .env("MONITOR_CONFIG", &config)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    for part in ["bad.toml, line 2", "`name`", "bad.toml, line 4"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(output.stdout.is_empty());
    assert!(!folder.path().join("logs").exists());
}
