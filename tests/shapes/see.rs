//! Calls a shape and says all that can be seen of the call.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Waker};

use monitor_runtime::testing;
use serde_json::Value;

thread_local! {
    static TRACE: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// What could be seen of a shape.
pub(crate) struct Seen {
    pub(crate) name: &'static str,
    /// What `calls` has to be where the shape is annotated.
    pub(crate) expected: &'static str,
    pub(crate) value: String,
    /// The order in which things were dropped, with the notes in between.
    pub(crate) drops: String,
    /// The calls that were recorded, in the order in which they ended.
    pub(crate) calls: String,
}

/// Calls a shape.
pub(crate) fn see<R: Debug>(
    name: &'static str,
    expected: &'static str,
    call: impl FnOnce() -> R,
) -> Seen {
    let run = testing::capture();
    TRACE.take();
    let value = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(value) => {
            note("returned");
            format!("{value:?}")
        }
        Err(payload) => {
            note("unwound");
            format!("panic: {}", message(&*payload))
        }
    };
    Seen {
        name,
        expected,
        value,
        drops: TRACE.take().join(" "),
        calls: calls(&run),
    }
}

fn message(payload: &(dyn std::any::Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "not a text".to_owned()
    }
}

fn calls(run: &testing::Capture) -> String {
    let lines = run.lines();
    let mut calls: Vec<String> = lines.iter().filter_map(ended).collect();
    // A call without a line is still counted.
    for stage in &run.snapshot().stages {
        for function in &stage.functions {
            let (stats, name) = (&function.stats, &function.function);
            for (outcome, count) in [
                ("ok", stats.ok),
                ("error", stats.error),
                ("panic", stats.panic),
                ("cancelled", stats.cancelled),
                ("unfinished", stats.in_flight),
            ] {
                let call = format!("{} {name} {outcome}", stage.stage);
                let logged = calls.iter().filter(|line| line.starts_with(&call)).count();
                for _ in logged as u64..count {
                    calls.push(format!("{call} unlogged"));
                }
            }
        }
    }
    calls.join("; ")
}

/// The call whose last line this is, with what is unusual about the line.
fn ended(line: &Value) -> Option<String> {
    let (event, end) = line["event_type"].as_str()?.rsplit_once('_')?;
    let (data, level) = (line["data"].as_object()?, line["level"].as_str()?);
    let (outcome, usual_level) = match end {
        "END" => ("ok", "INFO"),
        "CANCELLED" => ("cancelled", "WARNING"),
        "ERROR" if data.get("outcome").is_some_and(|how| how == "panic") => ("panic", "ERROR"),
        "ERROR" => ("error", "ERROR"),
        _ => return None,
    };
    let function = line["function"].as_str()?;
    let mut call = format!("{} {function} {outcome}", line["stage"].as_str()?);
    if event != function.to_uppercase() {
        let _ = write!(call, " event={event}");
    }
    if level != usual_level {
        let _ = write!(call, " level={level}");
    }
    for (key, value) in data {
        if !["busy", "duration", "outcome", "polls"].contains(&key.as_str()) {
            let _ = write!(call, " {key}={value}");
        }
    }
    Some(call)
}

/// Says when it is dropped.
#[derive(Debug)]
pub(crate) struct Noisy(pub(crate) &'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        note(self.0);
    }
}

/// A mark between the drops.
pub(crate) fn note(mark: &'static str) {
    TRACE.with_borrow_mut(|trace| trace.push(mark));
}

/// What a future gives.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    futures_lite::future::block_on(future)
}

/// Gives the thread away once.
pub(crate) async fn pause() {
    futures_lite::future::yield_now().await;
}

/// Polls a future so many times, then drops it.
pub(crate) fn give_up<F: Future>(future: F, polls: usize) -> &'static str {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        if future.as_mut().poll(&mut context).is_ready() {
            return "ready";
        }
    }
    "given up"
}

/// Compiles only for a future that may move to another thread.
pub(crate) fn sent<F: Future + Send>(future: F) -> F {
    future
}
