//! The console: lines for people, on stderr.
//!
//! It is best-effort and comes after the file. A thread of its own writes the lines, so
//! that a terminal or a pipe that takes none holds up nothing but itself; what it cannot
//! keep is counted and said.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::Duration;

use tracing_subscriber::filter::Targets;

use super::record::LineLevel;
use super::sentence::sentence;

/// A console with the lines that it shows.
pub(crate) struct Console {
    queue: Option<Arc<Queue>>,
    filter: Targets,
}

/// How a line is shown.
#[derive(Clone, Copy)]
enum Form {
    /// For people.
    Text { colour: bool },
    /// As it stands in the file.
    Json,
}

/// How much text waits for the thread.
const WAITING: usize = 1024 * 1024;

/// How long the thread collects lines: to wake it for each would cost more than the rest of
/// the line.
const PAUSE: Duration = Duration::from_millis(10);

/// How long an error waits to be seen, so that it is even if the program ends with it.
const SEEN_WITHIN: Duration = Duration::from_millis(20);

/// How long the end of a run waits for the console.
const FLUSHED_WITHIN: Duration = Duration::from_secs(1);

struct Queue {
    pid: u32,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Lines that wait, each with its line feed.
    lines: Vec<u8>,
    /// How many bytes the thread is writing.
    writing: usize,
    not_shown: u64,
    /// The thread waits for a line.
    idle: bool,
    /// Somebody waits for the thread.
    awaited: bool,
    /// A wait for the thread was in vain: no other waits until it moves.
    stuck: bool,
    /// The same of the long wait at the end.
    given_up: bool,
    closed: bool,
}

/// A buffer that one long line has grown beyond this is not kept.
const KEPT_CAPACITY: usize = 64 * 1024;

impl Console {
    /// Standard error, which `out` writes to, coloured on a terminal unless `NO_COLOR` is set
    /// (<https://no-color.org>).
    pub(crate) fn stderr(out: Box<dyn Write + Send>, filter: Targets, json: bool) -> Self {
        let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let form = if json {
            Form::Json
        } else {
            Form::Text {
                colour: io::stderr().is_terminal() && !no_colour,
            }
        };
        Self::start(out, filter, form)
    }

    /// Any writer, without colour.
    pub(crate) fn to(out: Box<dyn Write + Send>, filter: Targets, json: bool) -> Self {
        let form = if json {
            Form::Json
        } else {
            Form::Text { colour: false }
        };
        Self::start(out, filter, form)
    }

    /// One that shows nothing.
    pub(crate) fn silent(filter: Targets) -> Self {
        Self {
            queue: None,
            filter,
        }
    }

    fn start(out: Box<dyn Write + Send>, filter: Targets, form: Form) -> Self {
        let queue = Arc::new(Queue {
            pid: process::id(),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let own = Arc::clone(&queue);
        let thread = thread::Builder::new().name("monitor-console".to_owned());
        let is_started = thread.spawn(move || own.write_to(out, form)).is_ok();
        Self {
            // Without a thread nothing is shown, and nothing waits.
            queue: is_started.then_some(queue),
            filter,
        }
    }

    pub(crate) fn shows(&self, target: &str, level: LineLevel) -> bool {
        let level = match level {
            LineLevel::Trace => tracing::Level::TRACE,
            LineLevel::Debug => tracing::Level::DEBUG,
            LineLevel::Info => tracing::Level::INFO,
            LineLevel::Warning => tracing::Level::WARN,
            LineLevel::Error | LineLevel::Critical => tracing::Level::ERROR,
        };
        self.filter.would_enable(target, &level)
    }

    /// Shows a line of the log, if the user's filter lets lines of `target` through.
    pub(crate) fn show(&self, target: &str, level: LineLevel, line: &[u8]) {
        if let Some(queue) = &self.queue
            && self.shows(target, level)
        {
            queue.add(line, level >= LineLevel::Error);
        }
    }

    /// Waits until all is shown, but not for long.
    pub(crate) fn flush(&self) {
        let Some(queue) = &self.queue else { return };
        let state = queue.lock();
        if !state.given_up {
            queue.wait(state, FLUSHED_WITHIN);
            let mut state = queue.lock();
            state.given_up = state.stuck;
        }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.flush();
        if let Some(queue) = &self.queue {
            queue.lock().closed = true;
            queue.changed.notify_all();
        }
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, line: &[u8], urgent: bool) {
        let mut state = match self.state.try_lock() {
            // A thread holds it that stayed behind in the process that this one has forked
            // off from, which has the console.
            Err(TryLockError::WouldBlock) if process::id() != self.pid => return,
            Err(_) => self.lock(),
            Ok(state) => state,
        };
        if state.closed {
            return;
        }
        if state.lines.len() + state.writing + line.len() > WAITING {
            state.not_shown += 1;
            return;
        }
        state.lines.extend_from_slice(line);
        if urgent && !state.stuck {
            self.wait(state, SEEN_WITHIN);
        } else if std::mem::take(&mut state.idle) {
            drop(state);
            self.changed.notify_all();
        }
    }

    /// Waits until all is shown, at once.
    fn wait(&self, state: MutexGuard<'_, State>, longest: Duration) {
        self.changed.notify_all();
        let is_open = |state: &mut State| {
            state.awaited = !state.closed && (state.writing > 0 || !state.lines.is_empty());
            state.awaited
        };
        let (mut state, result) = self
            .changed
            .wait_timeout_while(state, longest, is_open)
            .unwrap_or_else(PoisonError::into_inner);
        state.stuck |= result.timed_out();
    }

    fn write_to(&self, mut out: Box<dyn Write + Send>, form: Form) {
        let (mut lines, mut text) = (Vec::new(), String::new());
        let mut state = self.lock();
        loop {
            if !state.lines.is_empty() || state.not_shown > 0 {
                std::mem::swap(&mut lines, &mut state.lines);
                state.writing = lines.len();
                let not_shown = std::mem::take(&mut state.not_shown);
                drop(state);
                for line in lines.split_inclusive(|byte| *byte == b'\n') {
                    let _ = match form {
                        Form::Json => out.write_all(line),
                        Form::Text { colour } => {
                            text.clear();
                            sentence(&mut text, &String::from_utf8_lossy(line), colour);
                            out.write_all(text.as_bytes())
                        }
                    };
                }
                if not_shown > 0 {
                    let line = format!("… {not_shown} lines are only in the log\n");
                    let _ = out.write_all(line.as_bytes());
                }
                let _ = out.flush();
                lines.clear();
                lines.shrink_to(KEPT_CAPACITY);
                state = self.lock();
                state.writing = 0;
                state.stuck = false;
                state.given_up = false;
                if std::mem::take(&mut state.awaited) {
                    self.changed.notify_all();
                }
                state = self
                    .changed
                    .wait_timeout_while(state, PAUSE, |state| !state.awaited && !state.closed)
                    .unwrap_or_else(PoisonError::into_inner)
                    .0;
            } else if state.closed {
                return;
            } else {
                state.idle = true;
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                state.idle = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// Takes one line and then none before it is told to.
    struct Stuck(mpsc::Sender<String>, mpsc::Receiver<()>);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
            let _ = self.1.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_console_that_takes_nothing_holds_nothing_up_and_says_what_it_left_out() {
        let (lines, shown) = mpsc::channel();
        let (go_on, stopped) = mpsc::channel();
        let console = Console::to(
            Box::new(Stuck(lines, stopped)),
            Targets::new().with_default(tracing::Level::INFO),
            false,
        );
        let line = b"{\"level\":\"INFO\",\"event_type\":\"EVENT\"}\n";
        console.show("nba", LineLevel::Info, line);
        assert!(shown.recv().is_ok_and(|line| line.contains("EVENT")));
        for _ in 0..WAITING / line.len() + 10 {
            console.show("nba", LineLevel::Info, line);
        }
        let state = console.queue.as_ref().expect("a thread").lock();
        assert!(state.lines.len() + state.writing <= WAITING && state.not_shown > 0);
        drop(state);
        drop(go_on);
        console.flush();
        drop(console);
        let all: Vec<String> = shown.iter().collect();
        assert!(
            all.iter()
                .any(|line| line.ends_with("lines are only in the log\n"))
        );
    }

    #[test]
    fn a_console_that_fails_is_no_trouble() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
        let console = Console::to(
            Box::new(Closed),
            Targets::new().with_default(tracing::Level::INFO),
            false,
        );
        console.show("nba", LineLevel::Critical, b"{}\n");
        console.flush();
    }
}
