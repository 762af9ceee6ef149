//! What stands in a log.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long a test waits for what must happen. Only a broken program meets it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until `is_so`.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "it never came: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Whether a file that is being written to has so many whole lines: the last one may be there
/// in part.
pub(crate) fn has_lines(log: &Path, count: usize) -> bool {
    let text = fs::read(log).unwrap_or_default();
    text.iter().filter(|byte| **byte == b'\n').count() >= count
}

/// The lines of a text that must consist of whole ones.
pub(crate) fn parse(text: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(text).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "torn: {text:?}");
    let parse = |line: &str| {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in the line {line:?}"))
    };
    text.lines().map(parse).collect()
}

/// The lines of a file that must consist of whole ones.
pub(crate) fn read(path: &Path) -> Vec<Value> {
    parse(&fs::read(path).unwrap())
}

/// The files of the log in `folder`, the one that is written to last.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap();
    let is_log = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("pipeline") && name.ends_with(".json")
    };
    let mut files: Vec<_> = all
        .map(|entry| entry.unwrap().path())
        .filter(is_log)
        .collect();
    files.sort();
    files
}

/// The lines of all those files.
pub(crate) fn read_all(folder: &Path) -> Vec<Value> {
    files(folder).iter().flat_map(|file| read(file)).collect()
}

pub(crate) fn of_type<'a>(lines: &'a [Value], event_type: &str) -> Vec<&'a Value> {
    let of_type = |line: &&Value| line["event_type"] == event_type;
    lines.iter().filter(of_type).collect()
}

/// The numbers that each thread of each process logged, in the order of the file.
pub(crate) fn numbers(lines: &[Value]) -> BTreeMap<(String, u64), Vec<u64>> {
    let mut all: BTreeMap<_, Vec<u64>> = BTreeMap::new();
    for line in of_type(lines, "NUMBER") {
        let run = line["run_id"].as_str().unwrap().to_owned();
        let thread = line["data"]["thread"].as_u64().unwrap();
        let number = line["data"]["n"].as_u64().unwrap();
        all.entry((run, thread)).or_default().push(number);
    }
    all
}

/// The numbers of a log that one thread of one process wrote.
pub(crate) fn only_numbers(lines: &[Value]) -> Vec<u64> {
    let numbers = numbers(lines);
    assert!(numbers.len() <= 1, "{:?}", numbers.keys());
    numbers.into_values().next().unwrap_or_default()
}

/// That `numbers` are those below `end`, each once and in order.
pub(crate) fn assert_all(numbers: &[u64], end: u64) {
    let wrong = numbers
        .iter()
        .zip(0..)
        .find(|(found, wanted)| *found != wanted);
    assert!(
        wrong.is_none() && numbers.len() as u64 == end,
        "{} of {end} numbers, the first wrong one (found, wanted) {wrong:?}",
        numbers.len()
    );
}

/// What the last line of a run says: lines written, lines lost.
pub(crate) fn run_end(lines: &[Value]) -> (u64, u64) {
    let ends = of_type(lines, "run.end");
    let data = &ends.last().expect("a run.end")["data"];
    (
        data["lines"].as_u64().unwrap(),
        data["lost"].as_u64().unwrap(),
    )
}

/// How many lines the lines `log.loss` tell of.
pub(crate) fn told_lost(lines: &[Value]) -> u64 {
    let losses = of_type(lines, "log.loss");
    losses
        .iter()
        .map(|line| line["data"]["lines"].as_u64().unwrap())
        .sum()
}
