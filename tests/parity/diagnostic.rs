//! What the compiler says, as far as it is compared.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

/// An error or a warning.
pub(crate) struct Diagnostic {
    pub(crate) level: String,
    /// An error's code or a lint's name; empty where the compiler has none.
    pub(crate) code: String,
    /// Where its primary spans begin.
    pub(crate) lines: Vec<Line>,
    pub(crate) text: String,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Line {
    /// In the case's own file.
    Own(u64),
    /// In another file, as no mistake in a body is.
    Elsewhere(String),
}

/// What is in Cargo's output, by the name of the program.
pub(crate) fn read(output: &str) -> BTreeMap<String, Vec<Diagnostic>> {
    let mut found: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    for line in output.lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            panic!("Cargo wrote a line that is not JSON: {line}");
        };
        if message["reason"] != "compiler-message" {
            continue;
        }
        if let Some(diagnostic) = diagnostic(&message["message"], &message["target"]) {
            let bin = text(&message["target"]["name"]);
            found.entry(bin).or_default().push(diagnostic);
        }
    }
    found
}

fn diagnostic(message: &Value, target: &Value) -> Option<Diagnostic> {
    let level = text(&message["level"]);
    let words = text(&message["message"]);
    if level == "failure-note" || is_summary(&words) {
        return None;
    }
    let source = text(&target["src_path"]);
    let spans = message["spans"].as_array().map_or(&[][..], Vec::as_slice);
    let mut lines: Vec<Line> = spans
        .iter()
        .filter(|span| span["is_primary"] == true)
        .map(|span| {
            let file = text(&span["file_name"]);
            // The compiler is given a relative path, Cargo tells an absolute one.
            if source.ends_with(&file) {
                Line::Own(span["line_start"].as_u64().expect("a line's number"))
            } else {
                Line::Elsewhere(file)
            }
        })
        .collect();
    lines.sort();
    Some(Diagnostic {
        level,
        code: text(&message["code"]["code"]),
        lines,
        text: words,
    })
}

/// The compiler's last lines, which count the others.
fn is_summary(text: &str) -> bool {
    text.starts_with("aborting due to ")
        || text.ends_with(" warning emitted")
        || text.ends_with(" warnings emitted")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            level, code, text, ..
        } = self;
        write!(f, "{level}")?;
        if !code.is_empty() {
            write!(f, "[{code}]")?;
        }
        for line in &self.lines {
            match line {
                Line::Own(number) => write!(f, " line {number}")?,
                Line::Elsewhere(file) => write!(f, " in {file}")?,
            }
        }
        write!(f, ": {text}")
    }
}
