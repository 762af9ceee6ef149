//! A program that logs what it is told to, in a process of its own.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::{env, thread};

use monitor_runtime::{Monitor, json, log_error, log_event};

/// Names the folder for the logs to a program.
pub(crate) const LOGS: &str = "JOB_LOGS";

/// A test of this program, as a process that none of the surrounding settings reach.
pub(crate) fn job(name: &str, logs: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([name, "--exact", "--nocapture", "--test-threads=1"]);
    isolated(&mut command, logs);
    command
}

fn isolated(command: &mut Command, logs: &Path) {
    let path = env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).env(LOGS, logs);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
}

pub(crate) fn log_number(thread: u64, n: u64, pad: usize) {
    log_event(
        "NUMBER",
        json!({"thread": thread, "n": n, "pad": "x".repeat(pad)}),
    );
}

/// What begins a reply, to tell it from what the test harness prints.
const REPLY: &str = "REPLY ";

fn reply(text: &str) {
    let mut out = io::stdout().lock();
    // The harness may have begun a line.
    writeln!(out, "\n{REPLY}{}", text.replace('\n', " ")).unwrap();
    out.flush().unwrap();
}

#[test]
fn job_that_logs_what_it_is_told() {
    let Some(logs) = env::var_os(LOGS) else {
        return;
    };
    let monitor = match Monitor::builder().name("told").logs(logs).install() {
        Ok(monitor) => monitor,
        Err(error) => return reply(&format!("refused: {error}")),
    };
    reply("started");
    let mut next = 0;
    for line in io::stdin().lines() {
        let line = line.unwrap();
        let mut words = line.split(' ');
        let verb = words.next().unwrap();
        let numbers: Vec<u64> = words.map(|word| word.parse().unwrap()).collect();
        match (verb, numbers.as_slice()) {
            ("log", &[count, pad]) => {
                (next..next + count).for_each(|n| log_number(0, n, pad as usize));
                next += count;
                reply("logged");
            }
            ("threads", &[threads, count]) => {
                thread::scope(|scope| {
                    for t in 0..threads {
                        scope.spawn(move || (0..count).for_each(|n| log_number(t, n, 40)));
                    }
                });
                reply("logged");
            }
            ("error", &[count]) => {
                (0..count).for_each(|n| log_error("wrong", json!({"n": n})));
                reply("logged");
            }
            ("event", &[]) => {
                tracing::info!("an event");
                tracing::debug!("a small event");
                reply("logged");
            }
            ("sync", &[]) => reply(&format!("{:?}", monitor.sync().map_err(|e| e.to_string()))),
            _ => panic!("unknown: {line}"),
        }
    }
    monitor.finish();
    reply("finished");
}

/// Such a program, running.
pub(crate) struct Told {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    stderr: Option<thread::JoinHandle<String>>,
}

/// How it ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) stderr: String,
}

impl Ended {
    /// Fails unless it said so on its standard error.
    #[track_caller]
    pub(crate) fn said(&self, what: &str) {
        assert!(self.stderr.contains(what), "{what} in {}", self.stderr);
    }
}

const NAME: &str = "told::job_that_logs_what_it_is_told";

impl Told {
    /// Starts it with this `[log]` of monitor.toml.
    pub(crate) fn start(logs: &Path, settings: &str) -> Self {
        Self::start_as(logs, settings, "").unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same, behind what a shell does first: `before` stands in front of its `exec`.
    /// An error is what the program says of a start that failed.
    pub(crate) fn start_as(logs: &Path, settings: &str, before: &str) -> Result<Self, String> {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{before}\nexec \"$0\" \"$@\"")]);
        let program = job(NAME, logs);
        command.arg(program.get_program()).args(program.get_args());
        isolated(&mut command, logs);
        Self::run(command, settings)
    }

    /// Starts a command that becomes such a program.
    pub(crate) fn run(mut command: Command, settings: &str) -> Result<Self, String> {
        let config = tempfile::NamedTempFile::new().unwrap();
        writeln!(config.as_file(), "[log]\n{settings}").unwrap();
        command.env("MONITOR_CONFIG", config.path());
        let mut child = command.spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        let mut told = Self {
            stdin: child.stdin.take(),
            stdout: BufReader::new(child.stdout.take().unwrap()),
            stderr: Some(thread::spawn(move || {
                let mut text = Vec::new();
                let _ = BufReader::new(stderr).read_to_end(&mut text);
                String::from_utf8_lossy(&text).into_owned()
            })),
            child,
        };
        match told.reply().as_deref() {
            Some("started") => Ok(told),
            Some(refused) => Err(refused.to_owned()),
            None => Err(format!("no start: {:?}", told.end())),
        }
    }

    fn reply(&mut self) -> Option<String> {
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

    /// Says something, and gives its reply; none if it is dead.
    pub(crate) fn ask(&mut self, command: &str) -> Option<String> {
        self.tell(command);
        self.reply()
    }

    /// Says something, and waits for no reply.
    pub(crate) fn tell(&mut self, command: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        let _ = writeln!(stdin, "{command}");
    }

    /// Has it do something. When this returns, it is done.
    pub(crate) fn does(&mut self, command: &str) {
        assert!(self.ask(command).is_some(), "dead: {:?}", self.end());
    }

    /// Waits until what was said is done.
    pub(crate) fn has_done(&mut self) {
        assert!(self.reply().is_some(), "dead: {:?}", self.end());
    }

    /// How it ends once it was told all.
    pub(crate) fn end(&mut self) -> Ended {
        drop(self.stdin.take());
        let mut rest = Vec::new();
        self.stdout.read_to_end(&mut rest).unwrap();
        Ended {
            status: self.child.wait().unwrap(),
            stderr: self.stderr.take().unwrap().join().unwrap(),
        }
    }

    /// The same, where it must succeed.
    pub(crate) fn ends_well(mut self) -> Ended {
        let ended = self.end();
        assert!(ended.status.success(), "{ended:?}");
        ended
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What `sh` makes of a script that must succeed.
pub(crate) fn sh(script: &str, arguments: &[&Path]) {
    let status = Command::new("sh")
        .args(["-ec", script, "sh"])
        .args(arguments)
        .status();
    assert!(status.unwrap().success(), "{script}");
}

/// Removes what stands in a file, as `logrotate` does after it was copied.
pub(crate) fn cut_off(path: &Path) {
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_len(0)
        .unwrap();
}
