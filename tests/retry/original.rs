//! The attribute does what the Python decorator did that it replaces: the number of
//! calls, the waits, and which error comes out.

use std::cell::Cell;
use std::fmt::Write;
use std::process::Command;

use monitor_runtime::{retry, testing};

/// What one attempt gives: its number, as a value or as an error.
fn attempt(failures: u32, calls: &Cell<u32>) -> Result<u32, u32> {
    let call = calls.get() + 1;
    calls.set(call);
    if failures >> (call - 1) & 1 == 1 {
        Err(call)
    } else {
        Ok(call)
    }
}

/// For each case a sync and an async function.
macro_rules! grid {
    ($($max:literal: $(($delay:literal, $($key:tt)*))*;)*) => {
        /// All cases in the form that the script prints.
        fn ours() -> String {
            let mut lines = String::new();
            $($({
                #[retry($($key)*)]
                fn stage(failures: u32, calls: &Cell<u32>) -> Result<u32, u32> {
                    attempt(failures, calls)
                }
                #[retry($($key)*)]
                async fn stage_async(failures: u32, calls: &Cell<u32>) -> Result<u32, u32> {
                    attempt(failures, calls)
                }
                for failures in 0..2_u32.pow($max) {
                    let case = format!("{} {} {failures}", $max, $delay);
                    let sync = outcome(&case, |calls| stage(failures, calls));
                    let asynchronous = outcome(&case, |calls| {
                        futures_lite::future::block_on(stage_async(failures, calls))
                    });
                    assert_eq!(sync, asynchronous);
                    writeln!(lines, "{sync}").expect("memory");
                }
            })*)*
            lines
        }
    };
}

grid! {
    1: ("0", max = 1) ("0.5", max = 1) ("1", max = 1) ("2", max = 1);
    2: ("0", max = 2, delay = 0) ("0.5", max = 2, delay = 0.5) ("1", max = 2, delay = 1) ("2", max = 2, delay = 2);
    3: ("0", max = 3, delay = 0) ("0.5", max = 3, delay = 0.5) ("1", max = 3, delay = 1) ("2", max = 3, delay = 2);
    4: ("0", max = 4, delay = 0) ("0.5", max = 4, delay = 0.5) ("1", max = 4, delay = 1) ("2", max = 4, delay = 2);
    5: ("0", max = 5, delay = 0) ("0.5", max = 5, delay = 0.5) ("1", max = 5, delay = 1) ("2", max = 5, delay = 2);
    6: ("0", max = 6, delay = 0) ("0.5", max = 6, delay = 0.5) ("1", max = 6, delay = 1) ("2", max = 6, delay = 2);
}

fn outcome(case: &str, run: impl FnOnce(&Cell<u32>) -> Result<u32, u32>) -> String {
    let capture = testing::capture();
    let calls = Cell::new(0);
    let result = match run(&calls) {
        Ok(call) => format!("ok {call}"),
        Err(call) => format!("error {call}"),
    };
    let waits: Vec<String> = capture
        .waits()
        .iter()
        .map(|wait| wait.as_millis().to_string())
        .collect();
    let waits = if waits.is_empty() {
        "none".to_owned()
    } else {
        waits.join(",")
    };
    format!("{case} {} {waits} {result}", calls.get())
}

#[test]
fn every_case_is_as_in_the_original() {
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/support/retry_original.py"
    );
    let Ok(output) = Command::new("python3").arg(script).output() else {
        assert!(std::env::var_os("CI").is_none(), "python3 is missing");
        eprintln!("SKIPPED: python3 is needed");
        return;
    };
    let original = String::from_utf8(output.stdout).expect("text");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(original.lines().count(), 504);
    for (ours, original) in ours().lines().zip(original.lines()) {
        assert_eq!(ours, original);
    }
    assert_eq!(ours().lines().count(), 504);
}
