//! A line is in the file when the call that logs it has returned, whenever the process is
//! killed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use std::{env, thread};

use monitor_runtime::Monitor;
use serde_json::Value;

use crate::log_file::{of_type, parse};
use crate::random::Random;
use crate::told::{LOGS, job, log_number};

pub(crate) const THREADS: u64 = 4;

/// How many kills there are unless the variable `MONITOR_KILLS` says otherwise.
const KILLS: u64 = 300;

/// What begins the acknowledgement of a line: no byte of the test harness's text.
const MARK: u8 = 0xfe;

/// Logs these numbers and acknowledges each.
pub(crate) fn log_and_acknowledge(thread: u64, numbers: Range<u64>) {
    for n in numbers {
        // Some are so long that a kill can come in the middle of their write.
        let pad = if n % 20 == 7 { 64 * 1024 } else { 40 };
        log_number(thread, n, pad);
        let mut frame = [MARK, u8::try_from(thread).unwrap(), 0, 0, 0, 0];
        frame[2..].copy_from_slice(&u32::try_from(n).unwrap().to_le_bytes());
        let mut out = io::stdout().lock();
        if out.write_all(&frame).and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}

/// The acknowledgements that come through a pipe. One that is not whole is none.
pub(crate) struct Acknowledged<R>(pub(crate) BufReader<R>);

impl<R: Read> Iterator for Acknowledged<R> {
    type Item = (u64, u64);

    fn next(&mut self) -> Option<(u64, u64)> {
        let mut byte = [0];
        while byte[0] != MARK {
            self.0.read_exact(&mut byte).ok()?;
        }
        let mut frame = [0; 5];
        self.0.read_exact(&mut frame).ok()?;
        let number = u32::from_le_bytes(frame[1..].try_into().unwrap());
        Some((frame[0].into(), number.into()))
    }
}

#[test]
fn job_with_four_threads() {
    let Some(logs) = env::var_os(LOGS) else {
        return;
    };
    let _monitor = Monitor::builder()
        .name("killed")
        .logs(logs)
        .install()
        .unwrap();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || log_and_acknowledge(thread, 0..u32::MAX.into()));
        }
    });
}

/// The log as far as it was looked at.
#[derive(Default)]
struct Seen {
    offset: u64,
    /// What stands behind the last line feed.
    tail: Vec<u8>,
    torn: u64,
    told: u64,
    lines: u64,
}

impl Seen {
    /// Looks at what a run wrote that was killed.
    fn look(&mut self, log: &Path, acknowledged: &[(u64, u64)]) {
        let Ok(mut file) = File::open(log) else {
            return assert_eq!(acknowledged, []);
        };
        file.seek(SeekFrom::Start(self.offset)).unwrap();
        let mut new = Vec::new();
        file.read_to_end(&mut new).unwrap();
        let whole = new
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let tail = new.split_off(whole);
        let lines = parse(&new);
        self.assert_repaired(&lines, &tail, !acknowledged.is_empty());
        if tail != self.tail {
            self.torn += u64::from(!tail.is_empty());
            self.tail = tail;
        }
        self.offset += whole as u64;
        self.lines += lines.len() as u64;
        assert_numbers(&lines, acknowledged);
    }

    /// What the kill before had left is gone, and told.
    fn assert_repaired(&mut self, lines: &[Value], tail: &[u8], is_started: bool) {
        let repaired = of_type(lines, "log.repaired");
        assert!(repaired.len() <= usize::from(!self.tail.is_empty()));
        if let Some(line) = repaired.first() {
            assert_eq!(line["data"]["bytes"], self.tail.len() as u64);
            assert_eq!(
                line["data"]["text"],
                String::from_utf8_lossy(&self.tail).as_ref()
            );
            self.told += 1;
        } else if !self.tail.is_empty() {
            assert!(!is_started, "nothing was told of {:?}", self.tail);
            // Killed before the repair, or before it could tell.
            assert!(lines.is_empty() && tail == self.tail || lines.len() <= 1);
        }
    }
}

/// Each thread's numbers are there in their order, none twice, at least those acknowledged
/// and at most one more.
pub(crate) fn assert_numbers(lines: &[Value], acknowledged: &[(u64, u64)]) {
    let mut found: BTreeMap<u64, u64> = BTreeMap::new();
    for line in of_type(lines, "NUMBER") {
        let next = found
            .entry(line["data"]["thread"].as_u64().unwrap())
            .or_default();
        assert_eq!(line["data"]["n"], *next);
        *next += 1;
    }
    for thread in 0..THREADS {
        let acknowledged = acknowledged.iter().filter(|(of, _)| *of == thread).count() as u64;
        let found = found.get(&thread).copied().unwrap_or(0);
        assert!(
            (acknowledged..=acknowledged + 1).contains(&found),
            "of thread {thread}, {acknowledged} were acknowledged and {found} found"
        );
    }
    for (line, seq) in lines.iter().zip(1_u64..) {
        assert_eq!(line["seq"], seq);
    }
}

#[test]
fn each_acknowledged_line_survives_each_kill() {
    let kills = env::var("MONITOR_KILLS").map_or(KILLS, |number| number.parse().unwrap());
    let began = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("pipeline.json");
    let (mut random, mut seen) = (Random(20_260_205), Seen::default());
    let mut all = 0;
    for _ in 0..kills {
        let mut child = job("killed::job_with_four_threads", folder.path())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut acknowledged = Acknowledged(BufReader::new(child.stdout.take().unwrap()));
        let before = usize::try_from(random.below(150)).unwrap();
        let mut numbers: Vec<_> = acknowledged.by_ref().take(before).collect();
        assert_eq!(
            numbers.len(),
            before,
            "it ended by itself: {:?}",
            child.wait()
        );
        // Where none is waited for, the kill comes while the program starts.
        let longest = if before < 10 { 10_000 } else { 300 };
        let pause = Duration::from_micros(random.below(longest));
        let waited = Instant::now();
        while waited.elapsed() < pause {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        numbers.extend(acknowledged);
        child.wait().unwrap();
        seen.look(&log, &numbers);
        all += numbers.len();
    }
    // Whole and told of, once a run has ended.
    let left = seen.tail.len();
    drop(crate::told::Told::start(folder.path(), ""));
    seen.look(&log, &[]);
    assert!(seen.tail.is_empty());
    eprintln!(
        "{kills} kills: {all} lines acknowledged, {} found, {} torn tails, {} told, the last of {left} bytes, in {:?}",
        seen.lines,
        seen.torn,
        seen.told,
        began.elapsed()
    );
}
