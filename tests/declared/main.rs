//! What a program declares is known before its first call: each function with its stage,
//! its file and its line. A test of its own, since what was called is that of a process.

#![forbid(unsafe_code)]
#![deny(warnings, unused_qualifications, clippy::pedantic, clippy::nursery)]
#![allow(
    missing_docs,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    reason = "the functions are not for use"
)]

pub mod calls;
pub mod forms;
pub mod strict;

use monitor_runtime::{CallStats, FunctionSnapshot, Snapshot, snapshot, testing};

/// What is expected of a function: stage, name, and the line where its attribute begins.
type Declared = (String, String, u32);

/// The annotated functions of a source, in the order in which they stand there.
fn written(source: &str) -> Vec<Declared> {
    let (mut line, mut stage) = (0, None);
    let mut functions = Vec::new();
    for (number, text) in (1..).zip(source.lines()) {
        if text.contains("monitored(") {
            line = number;
        }
        if let Some((_, id)) = text.split_once("stage = \"") {
            stage = id.split('"').next();
        }
        let function = text.split_once("fn ").map(|(_, name)| name);
        if let (Some(function), Some(id)) = (function, stage) {
            let end = |letter: char| !letter.is_alphanumeric() && letter != '_';
            let name = function.split(end).next().unwrap_or_default();
            functions.push((id.to_owned(), name.to_owned(), line));
            stage = None;
        }
    }
    functions
}

/// The functions of a file that a snapshot knows, in its order.
fn known(snapshot: &Snapshot, file: &str) -> Vec<(Declared, CallStats)> {
    let mut known = Vec::new();
    for stage in &snapshot.stages {
        for function in &stage.functions {
            if is_in(function, file) {
                let function = function.clone();
                let place = (stage.stage.clone(), function.function, function.line);
                known.push((place, function.stats));
            }
        }
    }
    known
}

fn is_in(function: &FunctionSnapshot, file: &str) -> bool {
    let file = format!("tests/declared/{file}");
    let path = function
        .file
        .replace('\\', "/")
        .replace("edition_2021/../", "");
    path == file
}

#[test]
fn every_form_of_function_is_there_at_zero_before_its_first_call() {
    for (file, source, fewest) in [
        ("forms.rs", include_str!("forms.rs"), 30),
        ("strict.rs", include_str!("strict.rs"), 4),
    ] {
        let written = written(source);
        assert!(written.len() >= fewest, "{} functions", written.len());
        let (functions, stats): (Vec<_>, Vec<_>) = known(&snapshot(), file).into_iter().unzip();
        assert_eq!(functions, written);
        assert_eq!(stats, vec![CallStats::default(); written.len()]);
    }
}

#[test]
fn what_was_called_comes_first() {
    let names = |snapshot: &Snapshot| -> Vec<String> {
        let functions = known(snapshot, "calls.rs").into_iter();
        let called = |stats: &CallStats| if stats.ok > 0 { " called" } else { "" };
        functions
            .map(|((stage, name, _), stats)| format!("{stage} {name}{}", called(&stats)))
            .collect()
    };
    assert_eq!(
        names(&snapshot()),
        ["B-1 first", "A-2 second", "A-2 third", "B-4 fourth"]
    );

    let run = testing::capture();
    calls::second();
    assert_eq!(names(&run.snapshot()), ["A-2 second called"]);
    assert_eq!(run.snapshot().stages.len(), 1);
    drop(run);

    calls::fourth();
    calls::third();
    let after = snapshot();
    assert_eq!(after.stages[0].stage, "B-4");
    assert_eq!(
        names(&after),
        [
            "B-4 fourth called",
            "A-2 third called",
            "A-2 second",
            "B-1 first"
        ]
    );
}
