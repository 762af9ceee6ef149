//! A program that raises alerts and says which.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::{env, fs, io, thread};

use monitor_runtime::{Monitor, Severity, json, send_alert};
use serde_json::Value;

use crate::support::JOB_LOGS;
use crate::support::webhook::Request;

/// The numbers of the alerts that it is to raise: the first, and how many.
const FIRST: &str = "JOB_FIRST";
const COUNT: &str = "JOB_COUNT";

/// Where it is to wait before it raises them, the file whose being there ends the wait; its run
/// ends when the file is gone.
pub(crate) const GO: &str = "JOB_GO";

const RAISED: &str = "RAISED ";

#[test]
fn job_that_raises_alerts() {
    let Some(logs) = env::var_os(JOB_LOGS) else {
        return;
    };
    let number = |name: &str| env::var(name).unwrap().parse::<u64>().unwrap();
    let monitor = Monitor::builder().name("raises").logs(logs).install();
    let monitor = monitor.unwrap_or_else(|error| panic!("{error}"));
    let (first, count) = (number(FIRST), number(COUNT));
    if let Some(go) = env::var_os(GO) {
        while !Path::new(&go).exists() {
            thread::yield_now();
        }
    }
    for n in first..first + count {
        send_alert(
            Severity::Critical,
            &format!("trouble number {n};"),
            json!({}),
        );
        // The harness may have begun a line.
        writeln!(io::stdout(), "\n{RAISED}{n}").unwrap();
        io::stdout().flush().unwrap();
        thread::yield_now();
    }
    if let Some(go) = env::var_os(GO) {
        while Path::new(&go).exists() {
            thread::yield_now();
        }
    }
    monitor.finish();
}

/// Such a program, running.
pub(crate) struct Raises {
    _config: tempfile::NamedTempFile,
    child: Child,
    raised: thread::JoinHandle<Vec<u64>>,
}

impl Raises {
    pub(crate) fn start(logs: &Path, webhook: &str, first: u64, count: u64) -> Self {
        Self::start_at(None, logs, webhook, first, count)
    }

    /// The same, where it raises them once there is a file `go`, and ends once there is none.
    pub(crate) fn start_at(
        go: Option<&Path>,
        logs: &Path,
        webhook: &str,
        first: u64,
        count: u64,
    ) -> Self {
        let config = tempfile::NamedTempFile::new().unwrap();
        let routes = "[alerts]\ncritical = [\"webhook\"]\nwarning = []\n";
        fs::write(config.path(), routes).unwrap();
        let mut command = Command::new(env::current_exe().unwrap());
        let name = "raises::job_that_raises_alerts";
        command.args([name, "--exact", "--nocapture", "--test-threads=1"]);
        let path = env::var_os("PATH").unwrap_or_default();
        command
            .env_clear()
            .env("PATH", path)
            .env(JOB_LOGS, logs)
            .envs(go.map(|go| (GO, go)))
            .env(FIRST, first.to_string())
            .env(COUNT, count.to_string())
            .env("MONITOR_CONFIG", config.path())
            .env("ALERT_WEBHOOK_ENABLED", "true")
            .env("ALERT_WEBHOOK_URL", webhook)
            .env("ALERT_WEBHOOK_SECRET", "0123456789abcdef0123456789abcdef")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let number =
            |line: io::Result<String>| line.ok()?.strip_prefix(RAISED)?.trim().parse().ok();
        Self {
            _config: config,
            child,
            raised: thread::spawn(move || stdout.lines().filter_map(number).collect()),
        }
    }

    /// Kills it. The alerts that it had raised by then.
    pub(crate) fn kill(mut self) -> Vec<u64> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.raised.join().unwrap()
    }

    /// Waits until it ends by itself.
    pub(crate) fn ends_well(mut self) -> Vec<u64> {
        assert!(self.child.wait().unwrap().success());
        self.raised.join().unwrap()
    }
}

/// The numbers of such alerts that messages tell of, in their order.
pub(crate) fn told(messages: &[Request]) -> Vec<u64> {
    let number = |alert: &Value| {
        let message = alert["message"].as_str().unwrap();
        let number = message.strip_prefix("trouble number ")?;
        number.strip_suffix(';')?.parse::<u64>().ok()
    };
    let numbers = |message: &Request| -> Vec<u64> {
        let json = message.json();
        json["alerts"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(number)
            .collect()
    };
    messages.iter().flat_map(numbers).collect()
}
