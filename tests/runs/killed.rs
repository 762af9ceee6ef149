//! Whenever a process is killed, a reader sees whole files.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::Value;

use crate::files::{json, lines, names, records};
use crate::program::Program;
use crate::random::Random;

/// How many kills there are unless the variable `MONITOR_KILLS` says otherwise.
const KILLS: u64 = 60;

/// What a reader of the files has seen.
#[derive(Default)]
struct Reader {
    metrics: u64,
    records: u64,
    known: BTreeSet<String>,
}

impl Reader {
    /// Reads all of them. What was there once must be there, and whole.
    fn read(&mut self, logs: &Path) {
        let metrics = logs.join("metrics.json");
        if self.metrics > 0 || metrics.exists() {
            let rows = json(&metrics);
            let is_row = |row: &Value| row["metric"].is_string() && row["unit"].is_string();
            assert!(rows.as_array().unwrap().iter().all(is_row), "{rows}");
            self.metrics += 1;
        }
        let now = names(logs).into_iter();
        self.known
            .extend(now.filter(|name| name.ends_with(".json")));
        for name in &self.known {
            let record = json(&logs.join("runs").join(name));
            assert_eq!(record["run_id"], name.strip_suffix(".json").unwrap());
            assert!(record["stages"].is_array(), "{record}");
            self.records += 1;
        }
    }
}

#[test]
fn files_are_whole_whenever_they_are_read_and_each_death_is_told_once() {
    let kills = env::var("MONITOR_KILLS").map_or(KILLS, |number| number.parse().unwrap());
    let began = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    let settings = "[pipeline]\nkeep_runs = 1000000\n[log]\nconsole = \"off\"\n";
    let is_over = AtomicBool::new(false);
    let (reader, in_the_middle) = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reader = Reader::default();
            while !is_over.load(Ordering::Relaxed) {
                reader.read(logs);
            }
            reader.read(logs);
            reader
        });
        // Lets the reader go also when this panics.
        let over = Over(&is_over);
        let in_the_middle = kill_programs(kills, logs, settings);
        Program::start(logs, settings).ends_well();
        drop(over);
        (reader.join().unwrap(), in_the_middle)
    });
    let all = records(logs);
    let died = all.iter().filter(|record| record["outcome"] == "died");
    let died: Vec<_> = died.collect();
    assert_eq!(died.len() + 1, all.len());
    // Each once, in a line and by an alert.
    let died_ids: BTreeSet<_> = died
        .iter()
        .map(|record| record["run_id"].as_str())
        .collect();
    for event_type in ["run.died", "alert.raised"] {
        let lines = lines(logs, event_type);
        assert_eq!(lines.len(), died.len());
        let told: BTreeSet<_> = lines
            .iter()
            .map(|line| line["data"]["died"].as_str())
            .collect();
        assert_eq!(told, died_ids, "{event_type}");
    }
    // The beginning of a file and a lock are left by a run that was killed before it had a
    // record, and stay for an hour.
    let left = names(logs).len() - all.len();
    assert!(
        left <= 2 * (kills as usize - died.len()),
        "{:?}",
        names(logs)
    );
    let in_logs = fs::read_dir(logs)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let in_logs = in_logs.filter(|path| path.extension().is_some_and(|end| end == "tmp"));
    assert_eq!(in_logs.count(), 0);
    eprintln!(
        "{kills} kills, {in_the_middle} of them in the middle of a replacement: {} runs died, metrics.json was read {} times and records {} times, in {:?}",
        died.len(),
        reader.metrics,
        reader.records,
        began.elapsed()
    );
}

struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// How many were killed in the middle of a replacement: their beginnings of files are there.
fn kill_programs(kills: u64, logs: &Path, settings: &str) -> u64 {
    let mut random = Random(20_260_205);
    let mut in_the_middle = 0;
    for kill in 0..kills {
        let mut program = Program::ready(logs, settings);
        program.tell("start");
        if kill % 8 == 0 {
            // While it starts.
            wait(Duration::from_micros(random.below(20_000)), || false);
            program.kill();
            continue;
        }
        assert_eq!(program.reply().as_deref(), Some("started"));
        program.does("save on");
        let lock = names(logs)
            .into_iter()
            .rfind(|name| name.ends_with(".lock"));
        let lock = lock.unwrap();
        let run = lock.strip_suffix(".lock").unwrap();
        let writer = format!("{run}-{}", program.id());
        let metrics = logs.join(format!("metrics.{writer}.tmp"));
        let record = logs.join("runs").join(format!("{run}.{writer}.tmp"));
        let aim = if kill % 2 == 0 { &metrics } else { &record };
        wait(Duration::from_micros(random.below(3_000)), || false);
        wait(Duration::from_millis(200), || aim.exists());
        program.kill();
        in_the_middle += u64::from(metrics.exists() || record.exists());
    }
    in_the_middle
}

/// Waits for so long, or until `is_so`.
fn wait(longest: Duration, is_so: impl Fn() -> bool) {
    let waited = Instant::now();
    while waited.elapsed() < longest && !is_so() {
        std::hint::spin_loop();
    }
}
