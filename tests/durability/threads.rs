//! Eight threads at once: nothing is lost, each line parses, each thread's order is kept.

use std::env;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use monitor_runtime::Monitor;
use serde_json::Value;

use crate::told::{LOGS, job, log_number};

const THREADS: usize = 8;

/// How many lines each thread logs unless the variable `MONITOR_EVENTS` says otherwise.
const EVENTS: u64 = 20_000;

/// The same for the program that logs.
const JOB_EVENTS: &str = "JOB_EVENTS";

#[test]
fn job_with_eight_threads() {
    let Some(logs) = env::var_os(LOGS) else {
        return;
    };
    let events: u64 = env::var(JOB_EVENTS).unwrap().parse().unwrap();
    let monitor = Monitor::builder()
        .name("threads")
        .logs(logs)
        .install()
        .unwrap();
    let began = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..THREADS as u64 {
            scope.spawn(move || (0..events).for_each(|n| log_number(thread, n, 10)));
        }
    });
    eprintln!("logged in {:?}", began.elapsed());
    monitor.finish();
}

/// What every program that reads lines of JSON does.
const COUNT: &str = "
import json, sys
with open(sys.argv[1], encoding='utf-8', newline='\\n') as lines:
    print(sum(1 for line in map(json.loads, lines) if line['event_type'] == 'NUMBER'))
";

fn counted_by_python(log: &Path) -> Option<u64> {
    match Command::new("python3")
        .args(["-c", COUNT])
        .arg(log)
        .output()
    {
        Ok(output) => {
            let error = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{error}");
            Some(
                String::from_utf8(output.stdout)
                    .unwrap()
                    .trim()
                    .parse()
                    .unwrap(),
            )
        }
        Err(error) => {
            assert!(env::var_os("CI").is_none(), "python3: {error}");
            eprintln!("SKIPPED: python3: {error}");
            None
        }
    }
}

fn all_is_there(settings: &str) {
    let events = env::var("MONITOR_EVENTS").map_or(EVENTS, |number| number.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("monitor.toml");
    std::fs::write(&config, format!("[log]\nconsole = \"off\"\n{settings}\n")).unwrap();
    let output = job("threads::job_with_eight_threads", folder.path())
        .env("MONITOR_CONFIG", &config)
        .env(JOB_EVENTS, events.to_string())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let log = folder.path().join("pipeline.json");
    let (mut next, mut lines, mut last) = ([0; THREADS], 0_u64, Value::Null);
    for line in BufReader::new(File::open(&log).unwrap()).lines() {
        last = serde_json::from_str(&line.unwrap()).unwrap();
        lines += 1;
        assert_eq!(last["seq"], lines);
        if last["event_type"] == "NUMBER" {
            let thread = last["data"]["thread"].as_u64().unwrap();
            let next = &mut next[usize::try_from(thread).unwrap()];
            assert_eq!(last["data"]["n"], *next, "of thread {thread}");
            *next += 1;
        }
    }
    assert_eq!(next, [events; THREADS]);
    let data = &last["data"];
    assert_eq!(last["event_type"], "run.end");
    assert_eq!(data["lost"], 0);
    // Emitted are those that were written and those that were lost.
    assert_eq!(data["lines"], lines + data["lost"].as_u64().unwrap());
    let counted = counted_by_python(&log);
    assert_eq!(counted.unwrap_or(8 * events), 8 * events);
    let said = String::from_utf8_lossy(&output.stderr);
    eprintln!("{settings:?}: {lines} lines of 8 threads, {}", said.trim());
}

#[test]
fn each_line_at_once() {
    all_is_there("mode = \"direct\"");
}

#[test]
fn in_batches() {
    all_is_there("mode = \"batched\"");
}
