//! The end of the log, for the page.

use std::path::Path;
use std::time::Duration;

use monitor_config::duration;
use serde_json::Value;

use crate::failure::ErrorText;
use crate::runs::log_end;
use crate::text::rounded;

/// How much of the log is read, and how many of its lines are shown.
const READ: u64 = 2 * 1024 * 1024;
const SHOWN: usize = 200;

/// How long the data of a line may be.
const LONGEST_DATA: usize = 600;

/// A line of the log.
#[derive(Clone, Debug, Default)]
pub(crate) struct TailLine {
    pub(crate) time: String,
    pub(crate) level: String,
    pub(crate) stage: Option<String>,
    pub(crate) function: Option<String>,
    pub(crate) event_type: String,
    pub(crate) message: String,
    pub(crate) data: Value,
    pub(crate) error: Option<ErrorText>,
    pub(crate) span: u64,
    pub(crate) parent: u64,
}

/// The last lines of `run`, the oldest first.
pub(crate) fn read(path: &Path, run: &str) -> Vec<TailLine> {
    if path.as_os_str().is_empty() {
        return Vec::new();
    }
    let mut lines = lines(&log_end(path, READ), run, SHOWN);
    lines.reverse();
    lines
}

/// The last `most` lines of `run` in `text`, the latest first: what is not shown is not parsed.
pub(super) fn lines(text: &[u8], run: &str, most: usize) -> Vec<TailLine> {
    let lines = text.rsplit(|byte| *byte == b'\n');
    let parsed = lines.filter(|line| !line.is_empty()).filter_map(|line| {
        // A line that another program has written may be of any bytes.
        let line = String::from_utf8_lossy(line);
        let value: Value = serde_json::from_str(&line).ok()?;
        (value["run_id"] == run).then(|| of(&value))
    });
    parsed.take(most).collect()
}

fn of(value: &Value) -> TailLine {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let id = |key: &str| u64::from_str_radix(value[key].as_str()?, 16).ok();
    let chain = value["error_chain"].as_array().into_iter().flatten();
    let chain = chain.filter_map(Value::as_str).map(str::to_owned);
    TailLine {
        time: text("timestamp").unwrap_or_default(),
        level: text("level").unwrap_or_default(),
        stage: text("stage"),
        function: text("function"),
        event_type: text("event_type").unwrap_or_default(),
        message: text("message").unwrap_or_default(),
        data: value["data"].clone(),
        error: text("error").map(|error| ErrorText::new(error, chain.collect())),
        span: id("span_id").unwrap_or_default(),
        parent: id("parent_span_id").unwrap_or_default(),
    }
}

impl TailLine {
    /// What it says, as far as its other columns do not.
    pub(crate) fn said(&self) -> String {
        let mut said = String::new();
        if !matches!(&*self.message, "Pipeline Event" | "Pipeline Error" | "") {
            said.push_str(&self.message);
        }
        if let Some(text) = &self.error {
            if !said.is_empty() {
                said.push_str(": ");
            }
            said.push_str(&text.error);
        }
        for (key, value) in self.data.as_object().into_iter().flatten() {
            if said.len() > LONGEST_DATA {
                said.push_str(" …");
                break;
            }
            let is_time = matches!(&**key, "duration" | "busy" | "wait" | "limit");
            let seconds = value.as_f64().filter(|_| is_time);
            let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            let value = match (time, value.as_str()) {
                (Some(time), _) => duration::display(rounded(time)).to_string(),
                (_, Some(text)) => text.to_owned(),
                _ => value.to_string(),
            };
            let end = value.floor_char_boundary_at(LONGEST_DATA);
            let separator = if said.is_empty() { "" } else { "  " };
            said.push_str(&format!("{separator}{key}={}", &value[..end]));
        }
        said
    }
}

/// `str::floor_char_boundary` is younger than the oldest compiler that is supported.
trait FloorCharBoundary {
    fn floor_char_boundary_at(&self, index: usize) -> usize;
}

impl FloorCharBoundary for str {
    fn floor_char_boundary_at(&self, index: usize) -> usize {
        let index = index.min(self.len());
        let is_boundary = |index: &usize| self.is_char_boundary(*index);
        (0..=index).rev().find(is_boundary).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_line_of_the_run_is_passed_over() {
        let mut text = b"\xff\xfe{\n{\"run_id\":\"a\",\"message\":\"first\"}\n[]\n".to_vec();
        text.extend_from_slice(b"{\"run_id\":\"b\"}\n{\"run_id\":\"a\",\"data\":[7]}\n");
        text.extend_from_slice(b"{\"run_id\":\"a\",\"message\":\"\xff <script>\",\"data\":{\"k\":\"v\",\"n\":1}}\n{\"run");
        let lines = lines(&text, "a", 10);
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0].said(), "\u{fffd} <script>  k=v  n=1");
        assert_eq!(lines[2].said(), "first");
        assert_eq!(super::lines(&text, "a", 1).len(), 1);
    }

    #[test]
    fn a_long_value_is_cut_at_a_character() {
        let line = TailLine {
            data: serde_json::json!({"duration": 0.021_299_434, "k": "é".repeat(100_000), "l": 1}),
            ..TailLine::default()
        };
        let said = line.said();
        assert!(said.starts_with("duration=21.3 ms  k=é"), "{said}");
        assert!(said.len() < 700 && said.ends_with(" …"), "{}", said.len());
    }
}
