//! What holds for each line whatever it says, for tests.

use std::collections::HashSet;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::encoder::DEEPEST;

/// Reads a line, without its line feed, that has to be one that any reader takes.
#[track_caller]
pub(super) fn read(line: &str) -> Value {
    let start: String = line.chars().take(200).collect();
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    assert!(!line.contains(breaks), "more than one line: {start}");
    assert_eq!(repeated_key(line), None, "{start}");
    match serde_json::from_str(line) {
        Ok(value) => value,
        Err(error) => panic!("{error}: {start}"),
    }
}

/// A key that stands in one object twice, by a scan of the text: parsers hide those.
fn repeated_key(json: &str) -> Option<String> {
    let mut open: Vec<HashSet<&str>> = Vec::new();
    let mut rest = json;
    while let Some(at) = rest.find(['{', '}', '[', ']', '"']) {
        let (sign, after) = (rest.as_bytes()[at], &rest[at + 1..]);
        rest = after;
        match sign {
            b'{' | b'[' => open.push(HashSet::new()),
            b'}' | b']' => drop(open.pop()),
            _ => {
                let end = end_of_string(after)?;
                rest = &after[end + 1..];
                if rest.starts_with(':') && !open.last_mut()?.insert(&after[..end]) {
                    return Some(after[..end].to_owned());
                }
            }
        }
    }
    None
}

fn end_of_string(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })
}

/// Whether two values are the same. Numbers may differ in the last bits: the parser that
/// reads them back rounds no better.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let bits = |number: &serde_json::Number| number.as_f64().map(f64::to_bits);
            bits(a)
                .zip(bits(b))
                .is_some_and(|(a, b)| a.abs_diff(b) <= 8)
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let has = |(key, a): (&String, &Value)| b.get(key).is_some_and(|b| same(a, b));
            a.len() == b.len() && a.iter().all(has)
        }
        _ => one == other,
    }
}

/// The value as it is written: what lies too deep is replaced.
pub(super) fn as_written(value: &Value, depth: usize) -> Value {
    match value {
        Value::Array(_) | Value::Object(_) if depth >= DEEPEST => Value::from("<too deep>"),
        Value::Array(items) => items
            .iter()
            .map(|item| as_written(item, depth + 1))
            .collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, item)| (key.clone(), as_written(item, depth + 1)))
            .collect(),
        other => other.clone(),
    }
}

/// Reads lines as Python's `json` does, and writes what it read.
const SCRIPT: &str = r#"
import json, sys
def unique(pairs):
    keys = [key for key, _ in pairs]
    assert len(set(keys)) == len(keys), keys
    return dict(pairs)
def constant(name):
    raise ValueError(name)
for line in sys.stdin.buffer.read().split(b"\n")[:-1]:
    text = line.decode("utf-8")
    assert len(text.splitlines()) == 1, text[:200]
    value = json.loads(text, object_pairs_hook=unique, parse_constant=constant)
    print(json.dumps(value, allow_nan=False))
"#;

/// Asserts that Python reads from each line what is read here.
#[track_caller]
pub(super) fn assert_python_agrees(lines: &str) {
    let python = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut python) = python else {
        assert!(std::env::var_os("CI").is_none(), "python3 is missing");
        eprintln!("SKIPPED: python3 is needed");
        return;
    };
    // It reads all before it writes anything.
    let mut input = python.stdin.take().expect("a pipe");
    input.write_all(lines.as_bytes()).expect("written");
    drop(input);
    let output = python.wait_with_output().expect("its output");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let output = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.lines().count(), lines.lines().count());
    for (line, theirs) in lines.lines().zip(output.lines()) {
        let theirs: Value = serde_json::from_str(theirs).expect("JSON");
        assert!(same(&read(line), &theirs), "{line}\n{theirs}");
    }
}

#[test]
fn a_key_that_stands_twice_is_found() {
    for (json, expected) in [
        (r#"{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}"#, None),
        (r#"{"a":"a\":","a\\":{"a":1}}"#, None),
        (r#"{"a":{"b":1,"b":2}}"#, Some("b")),
        (r#"{"a":{"b":1},"a":2}"#, Some("a")),
        (r#"{"":"\\","":2}"#, Some("")),
    ] {
        assert_eq!(repeated_key(json).as_deref(), expected, "{json}");
    }
}
