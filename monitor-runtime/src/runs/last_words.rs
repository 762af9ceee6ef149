//! What the end of the log tells of a run that died.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// How much of the log is read.
const READ: u64 = 4 * 1024 * 1024;

/// What lines end with that end a call.
const ENDS: [&str; 3] = ["_END", "_ERROR", "_CANCELLED"];

/// A call that had started and not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) stage: String,
    pub(super) function: String,
    /// The time of its first line.
    pub(super) since: String,
    pub(super) span: String,
}

/// The last words of a run.
#[derive(Debug, Default)]
pub(super) struct LastWords {
    /// The data of its `run.end`: it ended well and could not close its record.
    pub(super) end: Option<Value>,
    /// The time of its last line.
    pub(super) at: Option<String>,
    pub(super) stage: Option<String>,
    /// The calls in flight, the outermost first.
    pub(super) calls: Vec<Call>,
    /// The functions, with their stages, that the log knows of.
    pub(super) functions: BTreeSet<(String, String)>,
    /// Its death was told of already, in a line and by an alert.
    pub(super) is_told: bool,
    pub(super) is_alerted: bool,
}

impl LastWords {
    /// Reads the end of the log at `path`, and of the file before it where that is short.
    pub(super) fn read(path: &Path, run: &str) -> Self {
        Self::of(&log_end(path, READ), run)
    }

    fn of(text: &[u8], run: &str) -> Self {
        let mut words = Self::default();
        // Each call with the prefix of its event types, by its span.
        let mut started: HashMap<String, (usize, String, Call)> = HashMap::new();
        for (number, line) in text.split(|byte| *byte == b'\n').enumerate() {
            let Ok(line) = str::from_utf8(line) else {
                continue;
            };
            if !line.contains(run) {
                continue;
            }
            let Ok(line) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            if line["run_id"] != run {
                words.hear_of(&line, run);
                continue;
            }
            words.hear(&line);
            let (Some(event), Some(span)) = (line["event_type"].as_str(), line["span_id"].as_str())
            else {
                continue;
            };
            if let Some(prefix) = event.strip_suffix("_START") {
                let call = Call {
                    stage: text_of(&line["stage"]),
                    function: text_of(&line["function"]),
                    since: text_of(&line["timestamp"]),
                    span: span.to_owned(),
                };
                // What the program logs by hand in a call is another start of the same span.
                started
                    .entry(span.to_owned())
                    .or_insert_with(|| (number, prefix.to_owned(), call));
            } else if let Some((_, prefix, _)) = started.get(span)
                && let Some(rest) = event.strip_prefix(prefix.as_str())
                && ENDS.contains(&rest)
            {
                started.remove(span);
            }
        }
        let mut started: Vec<_> = started.into_values().collect();
        started.sort_unstable_by_key(|(number, ..)| *number);
        words.calls = started.into_iter().map(|(.., call)| call).collect();
        words
    }

    /// A line of the run.
    fn hear(&mut self, line: &Value) {
        self.at = line["timestamp"].as_str().map(str::to_owned);
        if line["event_type"] == "run.end" {
            self.end = Some(line.clone());
        }
        if let Some(stage) = line["stage"].as_str() {
            self.stage = Some(stage.to_owned());
            if let Some(function) = line["function"].as_str() {
                self.functions
                    .insert((stage.to_owned(), function.to_owned()));
            }
        }
    }

    /// A line of another run.
    fn hear_of(&mut self, line: &Value, run: &str) {
        if line["data"]["died"] == run {
            self.is_told |= line["event_type"] == "run.died";
            self.is_alerted |= line["event_type"] == "alert.raised";
        }
    }
}

/// The last bytes of the log, and of the full file before it where it is short.
pub(crate) fn log_end(path: &Path, longest: u64) -> Vec<u8> {
    let mut text = tail(path, longest).unwrap_or_default();
    let rest = longest.saturating_sub(text.len() as u64);
    if rest > 0
        && let Some(before) = full_file_before(path)
        && let Ok(mut older) = tail(&before, rest)
    {
        older.append(&mut text);
        text = older;
    }
    text
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The last bytes of a file. The beginning of what is no whole line is none to its reader.
fn tail(path: &Path, longest: u64) -> io::Result<Vec<u8>> {
    // To open a pipe could hold the program up for ever.
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(metadata.len().saturating_sub(longest)))?;
    let mut text = Vec::new();
    file.take(longest).read_to_end(&mut text)?;
    Ok(text)
}

/// The newest of the full files of a log that is rotated: their names tell the time.
fn full_file_before(path: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(path.parent()?).ok()?.flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let full = names.filter(|name| name.starts_with("pipeline-") && name.ends_with(".json"));
    full.max().map(|name| path.with_file_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "0197a2b3c4d5e6f70123456789abcdef";

    fn line(event: &str, span: &str, function: &str) -> String {
        format!(
            "{{\"timestamp\":\"{event} of {span}\",\"event_type\":\"{event}\",\"data\":{{}},\"stage\":\"NBA-17\",\"function\":\"{function}\",\"run_id\":\"{RUN}\",\"span_id\":\"{span}\"}}\n"
        )
    }

    fn in_flight(lines: &[String]) -> Vec<String> {
        let words = LastWords::of(lines.concat().as_bytes(), RUN);
        words.calls.into_iter().map(|call| call.span).collect()
    }

    #[test]
    fn calls_that_started_and_did_not_end_are_in_flight() {
        let lines = [
            line("INGEST_START", "1", "ingest"),
            line("FETCH_START", "2", "fetch"),
            line("FETCH_END", "2", "fetch"),
            line("FETCH_START", "3", "fetch"),
            line("FETCH_ERROR", "3", "fetch"),
            line("FETCH_START", "4", "fetch"),
            line("FETCH_CANCELLED", "4", "fetch"),
            line("FETCH_START", "5", "fetch"),
        ];
        assert_eq!(in_flight(&lines), ["1", "5"]);
    }

    #[test]
    fn what_is_logged_by_hand_ends_no_call() {
        let lines = [
            line("INGEST_START", "1", "ingest"),
            line("PAGE_START", "1", "ingest"),
            line("PAGE_END", "1", "ingest"),
        ];
        assert_eq!(in_flight(&lines), ["1"]);
        let by_hand =
            "{\"event_type\":\"PAGE_START\",\"run_id\":\"0197a2b3c4d5e6f70123456789abcdef\"}\n";
        assert_eq!(in_flight(&[by_hand.to_owned()]), [""; 0]);
    }

    #[test]
    fn lines_that_are_none_are_passed_over() {
        let hostile = [
            format!("{RUN}\n"),
            format!("\"{RUN}\"\n{RUN}\n[\"{RUN}\"]\nnull\n\n"),
            format!("{{\"run_id\":[\"{RUN}\"],\"event_type\":7,\"data\":\"{RUN}\"}}\n"),
            format!("{{\"run_id\":\"{RUN}\",\"event_type\":[],\"span_id\":{{}},\"stage\":1}}\n"),
            format!("{{\"run_id\":\"{RUN}\",\"event_type\":\"_START\",\"span_id\":\"9\"}}\n"),
            format!("{}{RUN}\n", "[".repeat(100_000)),
            line("INGEST_START", "1", "ingest"),
            format!("{{\"run_id\":\"{RUN}\",\"event_type\":\"INGEST_E"),
        ];
        let mut text = hostile.concat().into_bytes();
        text.splice(0..0, [0xff, 0xfe, b'\n']);
        let words = LastWords::of(&text, RUN);
        let spans: Vec<_> = words.calls.iter().map(|call| call.span.as_str()).collect();
        assert_eq!(spans, ["9", "1"]);
        assert_eq!(words.stage.as_deref(), Some("NBA-17"));
        assert_eq!(words.at.as_deref(), Some("INGEST_START of 1"));
    }

    #[test]
    fn a_death_that_was_told_of_is_known() {
        let told = |event: &str| {
            let line = format!(
                "{{\"event_type\":\"{event}\",\"data\":{{\"died\":\"{RUN}\"}},\"run_id\":\"other\"}}\n"
            );
            let words = LastWords::of(line.as_bytes(), RUN);
            (words.is_told, words.is_alerted)
        };
        assert_eq!(told("run.died"), (true, false));
        assert_eq!(told("alert.raised"), (false, true));
        assert_eq!(told("log.event"), (false, false));
    }

    #[test]
    fn the_end_of_a_log_is_read_and_of_the_full_file_before_it() {
        let folder = std::env::temp_dir().join(format!("monitor-tail-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let log = folder.join("pipeline.json");
        let filler = "x".repeat(READ as usize);
        let first = line("INGEST_START", "1", "ingest");
        fs::write(folder.join("pipeline-2025.json"), &first).unwrap();
        fs::write(
            folder.join("pipeline-2026.json"),
            line("FETCH_START", "2", "fetch"),
        )
        .unwrap();
        fs::write(&log, line("FETCH_START", "3", "fetch")).unwrap();
        let spans = |words: LastWords| -> Vec<String> {
            words.calls.into_iter().map(|call| call.span).collect()
        };
        assert_eq!(spans(LastWords::read(&log, RUN)), ["2", "3"]);
        fs::write(&log, format!("{first}{filler}\n{first}")).unwrap();
        assert_eq!(spans(LastWords::read(&log, RUN)), ["1"]);
        assert_eq!(spans(LastWords::read(&folder, RUN)), [""; 0]);
        assert_eq!(spans(LastWords::read(&folder.join("none"), RUN)), ["2"]);
        fs::remove_dir_all(&folder).unwrap();
    }
}
