//! Servers and processes that the tests share.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

pub(crate) mod browser;
pub(crate) mod smtp;
pub(crate) mod webhook;

use std::{ffi::OsStr, fs, path::Path, process::Command, time::Duration};

use tempfile::TempDir;

/// How long a test waits for what must happen. Only a broken program meets it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Names the folder for the logs to a job.
pub(crate) const JOB_LOGS: &str = "JOB_LOGS";

/// A test of this program that does its work only when it is run as a job, in a
/// process of its own: the environment and the installed monitor belong to a whole
/// process.
pub(crate) struct Job {
    pub(crate) command: Command,
    logs: TempDir,
}

/// What a job left behind.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) success: bool,
    /// Both outputs: the test harness decides which of them it uses.
    pub(crate) output: String,
    /// All files of the logs folder.
    pub(crate) logs: String,
}

impl Job {
    /// `name` is the test's full name. None of the settings of the surrounding
    /// environment reach it.
    pub(crate) fn new<V: AsRef<OsStr>>(
        name: &str,
        variables: impl IntoIterator<Item = (&'static str, V)>,
    ) -> Self {
        let logs = tempfile::tempdir().unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([name, "--exact", "--nocapture"])
            .arg("--test-threads=1");
        forget_settings(&mut command);
        command.env(JOB_LOGS, logs.path()).envs(variables);
        Self { command, logs }
    }

    /// Runs it to its end.
    pub(crate) fn finish(mut self) -> Finished {
        let output = self.command.output().unwrap();
        let mut logs = String::new();
        read_all(self.logs.path(), &mut logs);
        let text = [output.stderr, output.stdout].concat();
        Finished {
            success: output.status.success(),
            output: String::from_utf8_lossy(&text).into_owned(),
            logs,
        }
    }
}

/// Appends all files of a folder and of those in it.
fn read_all(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, text);
        } else if let Ok(bytes) = fs::read(path) {
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
}

/// Keeps the settings of the surrounding environment from a command.
fn forget_settings(command: &mut Command) {
    for (variable, _) in std::env::vars_os() {
        let name = variable.to_string_lossy().to_ascii_uppercase();
        let prefixes = ["ALERT", "EMAIL_", "SMTP_", "SLACK_", "MONITOR_", "RUST_"];
        if name.ends_with("_PROXY") || prefixes.iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(&variable);
        }
    }
}

/// An example of this package, built if it is not yet.
pub(crate) fn example(name: &str) -> Command {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--quiet", "--example", name])
        .current_dir(root);
    // This program lies in `target/<profile>/deps`, examples beside that folder.
    let mut folder = std::env::current_exe().unwrap();
    folder.pop();
    folder.pop();
    if folder.ends_with("release") {
        build.arg("--release");
    }
    assert!(build.status().unwrap().success(), "{name} does not build");
    let mut command = Command::new(folder.join("examples").join(name));
    forget_settings(&mut command);
    command
}

impl Finished {
    /// None of these texts stands in the output or in a log.
    pub(crate) fn assert_hidden(&self, secrets: &[&str]) {
        for secret in secrets {
            assert!(!self.output.contains(secret), "{secret} in {}", self.output);
            assert!(!self.logs.contains(secret), "{secret} in {}", self.logs);
        }
    }
}
