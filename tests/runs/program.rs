//! A program that does what it is told, in a process of its own.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{self, Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::{env, thread};

use monitor_runtime::{Monitor, json, log_event, monitored, record_metric, save_metrics};

/// Names the folder for the logs to a program.
const LOGS: &str = "JOB_LOGS";

/// What begins a reply, to tell it from what the test harness prints.
const REPLY: &str = "REPLY ";

fn reply(text: &str) {
    let mut out = io::stdout().lock();
    // The harness may have begun a line.
    let _ = writeln!(out, "\n{REPLY}{}", text.replace('\n', " "));
    let _ = out.flush();
}

#[monitored(stage = "NBA-17", event = "INGESTION", alert = "critical")]
fn ingest(fails: bool) -> Result<(), String> {
    if fails {
        return Err("the API is down".to_owned());
    }
    Ok(())
}

#[monitored(stage = "NBA-18", event = "CLEANING")]
fn clean(is_in: &mpsc::Sender<()>) {
    log_event("PAGE_START", json!({}));
    log_event("PAGE_END", json!({}));
    is_in.send(()).unwrap();
    loop {
        thread::park();
    }
}

#[monitored(stage = "NBA-19", event = "QUIET", level = "off", alert = "critical")]
fn quiet(is_in: &mpsc::Sender<()>) {
    is_in.send(()).unwrap();
    loop {
        thread::park();
    }
}

/// Starts a call that does not end.
fn enter(call: fn(&mpsc::Sender<()>)) {
    let (is_in, entered) = mpsc::channel();
    thread::spawn(move || call(&is_in));
    entered.recv().unwrap();
}

#[test]
fn job_that_does_what_it_is_told() {
    let Some(logs) = env::var_os(LOGS) else {
        return;
    };
    reply("ready");
    let mut lines = io::stdin().lines().map(Result::unwrap);
    lines.next().unwrap();
    let monitor = Monitor::builder().name("told").logs(logs).install();
    let monitor = match monitor {
        Ok(monitor) => monitor,
        Err(error) => return reply(&format!("refused: {error}")),
    };
    reply("started");
    for line in lines {
        match line.as_str() {
            "ingest" => ingest(false).unwrap(),
            "fail" => ingest(true).unwrap_err().truncate(0),
            "clean" => enter(clean),
            "quiet" => enter(quiet),
            "save" => save_metrics().unwrap(),
            "save on" => {
                // So many that a kill can come in the middle of their write.
                (0..500).for_each(|n| record_metric("NBA-17", "page", n, "records"));
                thread::spawn(|| {
                    loop {
                        ingest(false).unwrap();
                        save_metrics().unwrap();
                    }
                });
            }
            "exit" => process::exit(3),
            "panic" => panic!("the main thread has had enough"),
            _ => panic!("unknown: {line}"),
        }
        reply("done");
    }
    monitor.finish();
    reply("finished");
}

/// Such a program, running. It is killed when this is dropped.
pub(crate) struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    stderr: Option<thread::JoinHandle<String>>,
    _config: tempfile::NamedTempFile,
}

impl Program {
    /// One that starts its run when it is told to, with this monitor.toml.
    pub(crate) fn ready(logs: &Path, settings: &str) -> Self {
        let config = tempfile::NamedTempFile::new().unwrap();
        config.as_file().write_all(settings.as_bytes()).unwrap();
        let mut command = Command::new(env::current_exe().unwrap());
        let name = "program::job_that_does_what_it_is_told";
        command.args([name, "--exact", "--nocapture", "--test-threads=1"]);
        let path = env::var_os("PATH").unwrap_or_default();
        command
            .env_clear()
            .env("PATH", path)
            .env(LOGS, logs)
            .env("MONITOR_CONFIG", config.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        let mut program = Self {
            stdin: child.stdin.take(),
            stdout: BufReader::new(child.stdout.take().unwrap()),
            stderr: Some(thread::spawn(move || {
                let mut text = Vec::new();
                let _ = BufReader::new(stderr).read_to_end(&mut text);
                String::from_utf8_lossy(&text).into_owned()
            })),
            child,
            _config: config,
        };
        assert_eq!(program.reply().as_deref(), Some("ready"));
        program
    }

    /// One whose run has started.
    pub(crate) fn start(logs: &Path, settings: &str) -> Self {
        let mut program = Self::ready(logs, settings);
        program.tell("start");
        assert_eq!(program.reply().as_deref(), Some("started"));
        program
    }

    /// What it says next; nothing if it is dead.
    pub(crate) fn reply(&mut self) -> Option<String> {
        let mut line = Vec::new();
        loop {
            line.clear();
            if self.stdout.read_until(b'\n', &mut line).unwrap() == 0 {
                return None;
            }
            let text = String::from_utf8_lossy(&line);
            if let Some(reply) = text.strip_prefix(REPLY) {
                return Some(reply.trim_end().to_owned());
            }
        }
    }

    pub(crate) fn tell(&mut self, command: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        let _ = writeln!(stdin, "{command}");
    }

    /// Has it do something. When this returns, it is done.
    pub(crate) fn does(&mut self, command: &str) {
        self.tell(command);
        let reply = self.reply();
        assert_eq!(reply.as_deref(), Some("done"), "{:?}", self.end());
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it and waits until it is dead.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// How it ends once it was told all, and what it said on its standard error.
    pub(crate) fn end(&mut self) -> (ExitStatus, String) {
        drop(self.stdin.take());
        let mut rest = Vec::new();
        self.stdout.read_to_end(&mut rest).unwrap();
        let status = self.child.wait().unwrap();
        (status, self.stderr.take().unwrap().join().unwrap())
    }

    /// The same, where it must succeed.
    pub(crate) fn ends_well(mut self) {
        let (status, stderr) = self.end();
        assert!(status.success(), "{status}: {stderr}");
        assert!(!stderr.contains("cannot be written"), "{stderr}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
