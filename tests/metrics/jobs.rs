//! Tests in a process of their own.

use std::env;
use std::process::{Command, Output};

const JOB: &str = "METRICS_JOB";

/// Whether all is to be done.
const FULL: &str = "MONITOR_FULL";

/// Whether this process was started for the test that asks.
pub(crate) fn is_job() -> bool {
    env::var_os(JOB).is_some()
}

/// Runs the test with this full name in a process of its own.
pub(crate) fn run(name: &str) -> Output {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([name, "--exact", "--nocapture", "--test-threads=1"]);
    command.env(JOB, "1").output().unwrap()
}

/// The same, for one that is to succeed.
pub(crate) fn pass(name: &str) {
    let output = run(name);
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    assert!(output.status.success(), "{:?} {text}", output.status);
    eprintln!("{text}");
}

/// How many of what a test counts.
pub(crate) fn scale(usual: u64, full: u64) -> u64 {
    if env::var_os(FULL).is_some() {
        full
    } else {
        usual
    }
}
