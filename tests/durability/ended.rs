//! However a program ends, what it logged is in the file.

use std::io::BufReader;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::{env, fs, panic, process, thread};

use monitor_runtime::Monitor;
use serde_json::Value;

use crate::killed::{Acknowledged, THREADS, assert_numbers, log_and_acknowledge};
use crate::log_file::{of_type, read};
use crate::told::{LOGS, Told, job};

/// Says how the program ends.
const END: &str = "JOB_END";

/// How many lines each thread has logged when the end comes.
const BEFORE: u64 = 60;

#[test]
fn job_that_ends() {
    let Some(logs) = env::var_os(LOGS) else {
        return;
    };
    let end = env::var(END).unwrap();
    let _monitor = Monitor::builder()
        .name("ended")
        .logs(logs)
        .install()
        .unwrap();
    if end == "panic" {
        // Its threads are done, since the log ends with the guard, and they would go on.
        thread::scope(|scope| {
            for thread in 0..THREADS {
                scope.spawn(move || log_and_acknowledge(thread, 0..BEFORE));
            }
        });
        panic!("the main thread has had enough");
    }
    static LOGGED: AtomicU64 = AtomicU64::new(0);
    for thread in 0..THREADS {
        thread::spawn(move || {
            log_and_acknowledge(thread, 0..BEFORE);
            LOGGED.fetch_add(1, Ordering::SeqCst);
            log_and_acknowledge(thread, BEFORE..u32::MAX.into());
        });
    }
    while LOGGED.load(Ordering::SeqCst) < THREADS {
        thread::yield_now();
    }
    match end.as_str() {
        "abort" => process::abort(),
        "exit" => process::exit(3),
        "panic = abort" => {
            // What the standard library does where a program is built so: the hook, and
            // then no unwinding.
            let hook = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                hook(info);
                process::abort();
            }));
            panic!("the main thread has had enough");
        }
        _ => loop {
            thread::park();
        },
    }
}

/// The lines of a program that ended so, all that it acknowledged among them.
fn ended(end: &str) -> (Vec<Value>, ExitStatus) {
    let folder = tempfile::tempdir().unwrap();
    let mut child = job("ended::job_that_ends", folder.path())
        .env(END, end)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut acknowledged = Acknowledged(BufReader::new(child.stdout.take().unwrap()));
    let before = usize::try_from(THREADS * BEFORE).unwrap();
    let mut numbers: Vec<_> = acknowledged.by_ref().take(before).collect();
    assert_eq!(numbers.len(), before);
    if end == "SIGTERM" {
        let id = child.id().to_string();
        let kill = Command::new("kill").args(["-TERM", &id]).status();
        assert!(kill.unwrap().success());
    }
    numbers.extend(acknowledged);
    let status = child.wait().unwrap();
    assert!(!status.success(), "{status}");
    // The end may have come while another thread was in the middle of a line, which the next
    // start removes.
    let log = folder.path().join("pipeline.json");
    let torn = !fs::read(&log).unwrap().ends_with(b"\n");
    Told::start(folder.path(), "").ends_well();
    let mut lines = read(&log);
    assert_eq!(of_type(&lines, "log.repaired").len(), usize::from(torn));
    let run = lines[0]["run_id"].clone();
    lines.retain(|line| line["run_id"] == run);
    assert_numbers(&lines, &numbers);
    (lines, status)
}

#[test]
fn a_program_that_aborts() {
    let (lines, status) = ended("abort");
    assert_eq!(status.code(), None);
    assert!(of_type(&lines, "run.end").is_empty());
}

#[test]
fn a_program_that_exits() {
    let (_, status) = ended("exit");
    assert_eq!(status.code(), Some(3));
}

#[test]
fn a_program_that_is_told_to_stop() {
    let (_, status) = ended("SIGTERM");
    assert_eq!(status.code(), None);
}

#[test]
fn a_program_that_panics_tells_of_it() {
    let (lines, status) = ended("panic");
    assert_eq!(status.code(), Some(101));
    let end = lines.last().unwrap();
    assert_eq!(end["event_type"], "run.end");
    assert_eq!(end["data"]["outcome"], "panic");
    assert!(
        end["error"].as_str().unwrap().ends_with("has had enough"),
        "{end}"
    );
}

#[test]
fn a_program_that_panics_and_does_not_unwind() {
    let (_, status) = ended("panic = abort");
    assert_eq!(status.code(), None);
}
