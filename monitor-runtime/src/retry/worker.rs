//! A sync function that is retried inside a tokio task blocks the thread that runs the
//! task, and with it all others that wait for the thread.

use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::coop::{has_budget_remaining, poll_proceed};

use super::site::RetrySite;
use crate::core::CoreRef;
use crate::fields::{FieldValue, seconds};
use crate::finish::complain;
use crate::frame;
use crate::logs::record::LineLevel;

/// Says so, once for each function.
pub(super) fn warn_if_blocked(site: &RetrySite, wait: Duration) {
    let says_so = !site.state.warned.load(Ordering::Relaxed)
        && runs_in_a_task()
        && !site.state.warned.swap(true, Ordering::Relaxed);
    if !says_so {
        return;
    }
    let function = site.function;
    let warning = format!(
        "`{function}` is retried inside a tokio task: its waits block the thread that runs the task; \
         make it an `async fn`, or call it in `tokio::task::spawn_blocking`"
    );
    let core = CoreRef::current();
    if core.attached.is_empty() {
        complain(&warning);
        return;
    }
    let data = [
        ("warning", FieldValue::Text(warning.into())),
        ("wait", FieldValue::F64(seconds(wait))),
    ];
    core.retry_line(
        frame::current().site,
        (function, site.module),
        LineLevel::Warning,
        "retry.blocking",
        &data,
    );
}

/// Whether this is the thread of a task that a runtime polls, and not one that may block.
///
/// No call of tokio's tells. But a task has a budget of steps after which it should let
/// others run, and code that may block has none: so whether there is an end to it.
fn runs_in_a_task() -> bool {
    /// More than the budget that any version of tokio gives to a task (128).
    const ENOUGH: usize = 1_024;

    if Handle::try_current().is_err() {
        return false;
    }
    let mut context = Context::from_waker(Waker::noop());
    let mut taken = Vec::new();
    while has_budget_remaining() && taken.len() < ENOUGH {
        match poll_proceed(&mut context) {
            Poll::Ready(step) => taken.push(step),
            Poll::Pending => break,
        }
    }
    let has_an_end = taken.len() < ENOUGH;
    // Each puts back what was left when it was taken: the first has to be the last.
    while taken.pop().is_some() {}
    has_an_end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_told_from_a_thread_that_may_block() {
        assert!(!runs_in_a_task());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .expect("a runtime");
        let (in_task, left_as_it_was) = runtime.block_on(async {
            let task = tokio::spawn(async {
                let before = runs_in_a_task();
                (before, has_budget_remaining() && runs_in_a_task())
            });
            task.await.expect("no panic")
        });
        assert!(in_task && left_as_it_was);
        let blocking =
            runtime.block_on(async { tokio::task::spawn_blocking(runs_in_a_task).await });
        assert!(!blocking.expect("no panic"));
        let in_place = runtime.block_on(async {
            tokio::spawn(async { tokio::task::block_in_place(runs_in_a_task) }).await
        });
        assert!(!in_place.expect("no panic"));
        let current = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        assert!(current.block_on(async { runs_in_a_task() }));
        let _guard = current.enter();
        assert!(!runs_in_a_task(), "beside a runtime is not in a task");
    }
}
