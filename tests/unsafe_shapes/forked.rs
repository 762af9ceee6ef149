//! A process that forks off from one whose threads are logging.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, exit};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use monitor_runtime::{LogMode, Monitor, json, log_event};
use serde_json::Value;

// What the C library has on every Unix.
unsafe extern "C" {
    safe fn fork() -> i32;
    unsafe fn waitpid(process: i32, status: *mut i32, options: i32) -> i32;
}

/// Names the folder for the logs to a program, and its mode.
const LOGS: &str = "JOB_LOGS";
const MODE: &str = "JOB_MODE";

/// How many processes fork off, one after the other, and how much each logs.
const FORKS: u64 = 40;
const LINES: u64 = 300;

fn log(who: &str, fork: u64, n: u64) {
    let process = std::process::id();
    log_event(
        "NUMBER",
        json!({"who": who, "fork": fork, "n": n, "process": process}),
    );
}

fn wait_for(process: i32) -> i32 {
    let mut status = 0;
    // SAFETY: the pointer is one to a number that lives until the call returns.
    let waited = unsafe { waitpid(process, &raw mut status, 0) };
    assert_eq!(waited, process);
    status
}

/// A child logs at once, and again when 10 ms have passed since its parent's last line.
fn be_the_child(fork: u64, monitor: Monitor) -> ! {
    (0..LINES).for_each(|n| log("child", fork, n));
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(11) {
        thread::yield_now();
    }
    (0..LINES).for_each(|n| log("late child", fork, n));
    // Its end is not that of the run.
    monitor.finish();
    exit(0);
}

static ENDS: AtomicBool = AtomicBool::new(false);
static LOGGED: AtomicU64 = AtomicU64::new(0);

#[test]
fn job_that_forks() {
    let Some(logs) = env::var_os(LOGS) else {
        return;
    };
    let mode = LogMode::parse(&env::var(MODE).unwrap()).unwrap();
    let monitor = Monitor::builder()
        .name("forks")
        .logs(logs)
        .log_mode(mode)
        .install();
    let mut monitor = Some(monitor.unwrap());
    let threads: Vec<_> = ["one", "two"]
        .map(|who| {
            thread::spawn(move || {
                for n in 0.. {
                    if ENDS.load(Ordering::SeqCst) {
                        LOGGED.fetch_add(n, Ordering::SeqCst);
                        return;
                    }
                    log(who, 0, n);
                }
            })
        })
        .into();
    for number in 0..FORKS {
        match fork() {
            0 => be_the_child(number, monitor.take().unwrap()),
            process => assert_eq!(wait_for(process), 0),
        }
    }
    ENDS.store(true, Ordering::SeqCst);
    for thread in threads {
        thread.join().unwrap();
    }
    log_event("LOGGED", json!({"lines": LOGGED.load(Ordering::SeqCst)}));
    monitor.take().unwrap().finish();
}

/// Runs the program, and kills it and its children where they hang.
fn run(logs: &Path, mode: &str) {
    let mut job = Command::new("timeout");
    job.args(["--kill-after=1", "60"])
        .arg(env::current_exe().unwrap());
    job.args([
        "forked::job_that_forks",
        "--exact",
        "--nocapture",
        "--test-threads=1",
    ]);
    job.env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default());
    let output = job.env(LOGS, logs).env(MODE, mode).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    let text: String = text.lines().rev().take(20).collect();
    assert!(output.status.success(), "{:?} {text}", output.status);
}

type Numbers = BTreeMap<(String, u64), Vec<u64>>;

/// The lines of the log, and the numbers of each thread of each process.
fn read(log: PathBuf) -> (Vec<Value>, Numbers) {
    let text = fs::read_to_string(log).unwrap();
    let parse = |line: &str| {
        serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"))
    };
    let lines: Vec<Value> = text.lines().map(parse).collect();
    let mut numbers = Numbers::new();
    for line in lines.iter().filter(|line| line["event_type"] == "NUMBER") {
        let data = &line["data"];
        let who = (
            data["who"].as_str().unwrap().to_owned(),
            data["fork"].as_u64().unwrap(),
        );
        numbers
            .entry(who)
            .or_default()
            .push(data["n"].as_u64().unwrap());
    }
    (lines, numbers)
}

#[test]
fn parent_and_child_log_on_and_every_line_is_whole() {
    let logs = env::temp_dir().join(format!("monitor-forked-{}", std::process::id()));
    let _ = fs::remove_dir_all(&logs);
    run(&logs, "direct");
    let (lines, numbers) = read(logs.join("pipeline.json"));
    let first = lines[0]["run_id"].as_str().unwrap();
    // Each line of each process, once and in its order.
    assert_eq!(numbers.len() as u64, 2 * FORKS + 2);
    for ((who, _), numbers) in &numbers {
        assert!(numbers.iter().copied().eq(0..numbers.len() as u64), "{who}");
        if who.ends_with("child") {
            assert_eq!(numbers.len() as u64, LINES);
        }
    }
    let of_parent = |who: &str| numbers[&(who.to_owned(), 0)].len() as u64;
    let logged = lines.iter().find(|line| line["event_type"] == "LOGGED");
    assert_eq!(
        logged.unwrap()["data"]["lines"],
        of_parent("one") + of_parent("two")
    );
    // A run of its own, numbered from its beginning.
    let mut runs: BTreeMap<&str, u64> = BTreeMap::new();
    for line in lines
        .iter()
        .filter(|line| line["data"]["who"] == "late child")
    {
        let run = line["run_id"].as_str().unwrap();
        assert_ne!(run, first, "{line}");
        *runs.entry(run).or_default() += 1;
    }
    assert_eq!(
        (runs.len() as u64, runs.values().sum::<u64>()),
        (FORKS, FORKS * LINES)
    );
    for run in runs.keys() {
        let of_run = lines.iter().filter(|line| line["run_id"] == *run);
        assert!(of_run.zip(1_u64..).all(|(line, seq)| line["seq"] == seq));
    }
    // The run ends once: with the process that it began in.
    let ends = lines.iter().filter(|line| line["event_type"] == "run.end");
    assert!(ends.map(|line| &line["run_id"]).eq([first]));
    // So does its record, which is the only one.
    let records = fs::read_dir(logs.join("runs")).unwrap();
    let records: Vec<PathBuf> = records.map(|entry| entry.unwrap().path()).collect();
    assert_eq!(records, [logs.join("runs").join(format!("{first}.json"))]);
    let record: Value = serde_json::from_slice(&fs::read(&records[0]).unwrap()).unwrap();
    assert_eq!(record["outcome"], "ok");
    fs::remove_dir_all(logs).unwrap();
}

/// In batches, what a child logs within 10 ms of its parent's last line may go down with the
/// batch that its parent has in hand, which it has, too.
#[test]
fn in_batches_no_child_hangs_and_what_it_logs_later_is_there() {
    let logs = env::temp_dir().join(format!("monitor-forked-batches-{}", std::process::id()));
    let _ = fs::remove_dir_all(&logs);
    run(&logs, "batched");
    let (_, numbers) = read(logs.join("pipeline.json"));
    for fork in 0..FORKS {
        let late = &numbers[&("late child".to_owned(), fork)];
        assert!(late.iter().copied().eq(0..LINES), "{fork}");
    }
    fs::remove_dir_all(logs).unwrap();
}
