//! The main example, run as a user runs it, and its files read line by line.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::alerts_email::email;
use crate::support::smtp::{PASSWORD, SmtpServer};
use crate::support::webhook::Webhook;

struct Run {
    folder: TempDir,
    output: Output,
}

fn run(arguments: &[&str], variables: &[(&str, String)]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let mut command = crate::support::example("nba_ingestion");
    command
        .current_dir(folder.path())
        .args(["--logs", "my logs", "--output", "out"])
        .args(arguments)
        .envs(variables.iter().map(|(name, value)| (name, value)));
    let output = command.output().unwrap();
    Run { folder, output }
}

impl Run {
    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join("my logs").join(file)).unwrap()
    }

    fn lines(&self) -> Vec<Value> {
        let text = self.read("pipeline.json");
        assert!(text.ends_with('\n'));
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn stdout(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).unwrap()
    }

    fn stderr(&self) -> String {
        String::from_utf8(self.output.stderr.clone()).unwrap()
    }
}

#[test]
fn the_pipeline_leaves_a_complete_log() {
    let run = run(&[], &[]);
    assert!(run.output.status.success(), "{}", run.stderr());
    let text = run.read("pipeline.json");
    for (index, line) in text.lines().enumerate() {
        // The order of keys is part of the format, so the text is looked at.
        let mut rest = line;
        for key in [
            "{\"timestamp\":\"",
            "\"level\":\"",
            "\"name\":\"nba_pipeline\"",
            "\"message\":\"",
            "\"event_type\":\"",
            "\"data\":{",
        ] {
            let at = rest.find(key).unwrap_or_else(|| panic!("{key} in {line}"));
            rest = &rest[at + key.len()..];
        }
        assert!(
            line.starts_with("{\"timestamp\":\"")
                && line.ends_with(&format!("\"seq\":{}}}", index + 1)),
            "{line}"
        );
    }

    let lines = run.lines();
    let mut open: HashMap<String, (Value, Value)> = HashMap::new();
    let mut outermost = Vec::new();
    for line in &lines {
        let event = line["event_type"].as_str().unwrap();
        let Some(span) = line["span_id"].as_str() else {
            continue;
        };
        if let Some(prefix) = event.strip_suffix("_START") {
            let before = open.insert(span.to_owned(), (json!(prefix), line["stage"].clone()));
            assert!(before.is_none(), "{line}");
        } else if let Some(prefix) = event.strip_suffix("_END") {
            let start = open.remove(span).unwrap();
            assert_eq!(start, (json!(prefix), line["stage"].clone()));
            if line.get("parent_span_id").is_none() {
                outermost.push((line["stage"].clone(), line["data"].clone()));
            }
        }
    }
    assert!(open.is_empty(), "each start has its end: {open:?}");
    let stages: Vec<_> = outermost.iter().map(|(stage, _)| stage.clone()).collect();
    assert_eq!(stages, ["NBA-17", "NBA-18", "NBA-19"]);
    assert_eq!(outermost[0].1["records"], 5228);
    assert!(outermost[0].1["duration"].as_f64().unwrap() > 0.0);

    let retries: Vec<_> = lines
        .iter()
        .filter(|line| line["event_type"] == "call.retry")
        .collect();
    assert_eq!(retries.len(), 6, "one for each request that the API failed");
    for retry in retries {
        let data = &retry["data"];
        assert_eq!(data["max"], 3);
        assert!(
            data["attempt"]
                .as_u64()
                .is_some_and(|n| (1..3).contains(&n))
        );
        assert!(data["wait"].as_f64().unwrap() > 0.0);
        assert!(!data["error"].as_str().unwrap().is_empty());
        assert_eq!(retry["stage"], "NBA-17");
    }
    assert_eq!(lines[0]["event_type"], "run.start");
    let end = lines.last().unwrap();
    assert_eq!(end["event_type"], "run.end");
    assert_eq!(end["data"]["lines"], lines.len());
    assert_eq!(
        (&end["data"]["outcome"], &end["data"]["lost"]),
        (&json!("ok"), &json!(0))
    );
}

#[test]
fn metrics_report_and_output_agree_with_the_input() {
    let run = run(&[], &[]);
    let metrics: Vec<Value> = serde_json::from_str(&run.read("metrics.json")).unwrap();
    assert!(
        run.read("metrics.json")
            .starts_with("[\n  {\n    \"timestamp\": \"")
    );
    let value = |stage: &str, metric: &str| {
        let mut rows = metrics
            .iter()
            .filter(|row| row["stage"] == stage && row["metric"] == metric);
        let row = rows.next().unwrap_or_else(|| panic!("{stage} {metric}"));
        assert!(rows.next().is_none());
        let keys: Vec<_> = row.as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["metric", "stage", "timestamp", "unit", "value"]);
        (
            row["value"].as_f64().unwrap(),
            row["unit"].as_str().unwrap(),
        )
    };
    for stage in ["NBA-17", "NBA-18", "NBA-19"] {
        let (seconds, unit) = value(stage, "processing_time");
        assert!(seconds > 0.0 && unit == "seconds");
        assert_eq!(value(stage, "records_processed"), (5228.0, "records"));
        assert_eq!(value(stage, "error_rate"), (0.0, "ratio"));
    }
    assert_eq!(value("NBA-17", "retries").0, 6.0);
    assert_eq!(value("NBA-18", "records_rejected"), (0.0, "records"));
    if cfg!(target_os = "linux") {
        assert_eq!(value("_process", "cpu_time").1, "seconds");
        assert!(value("_process", "memory_resident").0 > 1e6);
        for (metric, unit) in [("threads", "threads"), ("open_files", "files")] {
            let (number, of) = value("_process", metric);
            assert!(number >= 1.0 && of == unit, "{metric}: {number} {of}");
        }
    }

    let report = run.read("dashboard.html");
    if cfg!(target_os = "linux") {
        for fact in ["<dt>CPU time<", "<dt>Threads<", "<dt>Open files<"] {
            assert!(report.contains(fact), "{fact}");
        }
    }
    assert!(!report.contains("<script"));
    for part in [
        "nba_pipeline finished",
        "NBA-17",
        "NBA-18",
        "NBA-19",
        "5,228",
        "fetch_player_page",
    ] {
        assert!(report.contains(part), "{part}");
    }

    let mut records = 0;
    count_lines(&run.folder.path().join("out"), &mut records);
    assert_eq!(records, 5228);

    let said = run.stdout();
    let folder = run.folder.path().join("my logs");
    assert!(said.contains(folder.join("pipeline.json").to_str().unwrap()));
    assert!(
        said.contains("file:///") && said.contains("/my%20logs/dashboard.html"),
        "{said}"
    );
}

fn count_lines(folder: &Path, count: &mut usize) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            count_lines(&path, count);
        } else {
            assert_eq!(
                path.extension().unwrap(),
                "jsonl",
                "nothing temporary is left"
            );
            *count += fs::read_to_string(path).unwrap().lines().count();
        }
    }
}

#[test]
fn an_outage_fails_the_job_and_reaches_slack() {
    let webhook = Webhook::start([]);
    let variables = [
        ("ALERT_SLACK_ENABLED", "true".to_owned()),
        ("SLACK_WEBHOOK_URL", webhook.url()),
    ];
    let run = run(&["--outage"], &variables);
    assert_eq!(run.output.status.code(), Some(1));
    assert!(
        run.stderr().contains("the API did not answer"),
        "{}",
        run.stderr()
    );

    let lines = run.lines();
    let of = |event: &str| {
        lines
            .iter()
            .find(|line| line["event_type"] == event)
            .unwrap()
    };
    let error = of("INGESTION_ERROR");
    assert_eq!(error["level"], "ERROR");
    assert!(!error["error_chain"].as_array().unwrap().is_empty());
    let alert = of("alert.raised");
    assert_eq!(alert["level"], "CRITICAL");
    assert!(
        alert["message"]
            .as_str()
            .unwrap()
            .starts_with("🚨 ALERT [CRITICAL]: NBA-17 failed: ")
    );
    assert_eq!(of("alert.delivered")["data"]["channel"], "slack");
    assert_eq!(of("run.end")["data"]["outcome"], "error");
    let text = webhook.request().json()["text"].to_string();
    assert_eq!(text.replace("&amp;", "&"), alert["message"].to_string());

    let report = run.read("dashboard.html");
    assert!(report.contains("nba_pipeline failed"));
    assert!(report.contains("slack: delivered"));
}

#[test]
fn an_outage_is_told_by_mail() {
    let Some(server) = SmtpServer::start(&[]) else {
        return;
    };
    let run = run(&["--outage"], &email(&server, PASSWORD));
    assert_eq!(run.output.status.code(), Some(1));
    let mail = server.wait_for("message");
    let raw = mail["raw"].as_str().unwrap();
    for part in [
        "Subject: [NBA-Analytics] ALERT: NBA-17 failed:",
        "Details:",
        "\"stage\": \"NBA-17\"",
    ] {
        assert!(raw.contains(part), "{part} in {raw}");
    }
}

#[test]
fn a_wrong_option_is_explained_and_exits_with_2() {
    let run = run(&["--outrage"], &[]);
    assert_eq!(run.output.status.code(), Some(2));
    assert!(run.stderr().contains("--outrage"), "{}", run.stderr());
}
