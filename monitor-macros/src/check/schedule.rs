//! Whether the waits of a `#[retry]` are what someone can have meant.

use std::collections::HashMap;
use std::time::Duration;

use monitor_config::Schedule;
use monitor_config::duration::display;
use proc_macro2::Span;

use super::retry::Retry;
use crate::args::Arg;
use crate::diagnostics::Diagnostics;

/// Longer waits in all are refused unless they are said to be meant.
const LONG: Duration = Duration::from_secs(600);

/// Reports keys that contradict each other.
pub(super) fn check(
    retry: &Retry,
    args: &HashMap<&'static str, Option<Arg>>,
    diagnostics: &mut Diagnostics,
) {
    let span = |key: &str| args.get(key).and_then(Option::as_ref).map(Arg::span);
    if retry.schedule.max == 1 {
        alone(&span, diagnostics);
        return;
    }
    let before = diagnostics.len();
    let schedule = &retry.schedule;
    let first = schedule.wait_after(1).unwrap_or_default();
    if let (Some(longest), Some(at)) = (schedule.max_delay, span("max_delay")) {
        let unbounded = Schedule {
            max_delay: None,
            ..*schedule
        };
        let first = unbounded.wait_after(1).unwrap_or_default();
        if longest < first {
            diagnostics.error(
                at,
                format!(
                    "`max_delay` is {}, but the first wait is {} already ({}): raise it, or lower `delay`",
                    display(longest),
                    display(first),
                    unbounded.describe(),
                ),
            );
        }
    }
    if let (Some(deadline), Some(at)) = (retry.deadline, span("deadline")) {
        if deadline <= first {
            diagnostics.error(
                at,
                format!(
                    "`deadline` is {}, but the first wait is {} ({}): no attempt would follow the first; raise it, or lower `delay`",
                    display(deadline),
                    display(first),
                    schedule.describe(),
                ),
            );
        }
        compare_limits(retry, at, diagnostics);
    }
    if diagnostics.len() == before {
        check_total(retry, span("max").or(span("delay")), diagnostics);
    }
}

/// Reports keys that are about another attempt where there is none.
fn alone(span: &impl Fn(&str) -> Option<Span>, diagnostics: &mut Diagnostics) {
    const OF_RETRIES: [&str; 8] = [
        "delay",
        "factor",
        "max_delay",
        "jitter",
        "when",
        "retry_after",
        "budget",
        "allow_long_wait",
    ];
    for key in OF_RETRIES {
        if let Some(at) = span(key) {
            diagnostics.error(
                at,
                format!(
                    "`{key}` has no effect with `max = 1` (1 attempt, no wait): leave it out, or raise `max`"
                ),
            );
        }
    }
}

fn compare_limits(retry: &Retry, at: Span, diagnostics: &mut Diagnostics) {
    if let (Some(deadline), Some(each)) = (retry.deadline, retry.attempt_timeout)
        && each >= deadline
    {
        diagnostics.error(
            at,
            format!(
                "`deadline` is {}, so that no attempt can take the {} of its `attempt_timeout` ({}): raise the one, or lower the other",
                display(deadline),
                display(each),
                retry.schedule.describe(),
            ),
        );
    }
}

/// Reports waits that are longer in all than anyone waits for.
fn check_total(retry: &Retry, at: Option<Span>, diagnostics: &mut Diagnostics) {
    let total = retry.schedule.total_wait();
    let at = at.unwrap_or_else(Span::call_site);
    let is_endless = retry.schedule.wait_after(retry.schedule.max - 1) == Some(Duration::MAX);
    if is_endless && retry.deadline.is_none() {
        diagnostics.error(
            at,
            format!(
                "the last wait is longer than any clock can tell ({}): set `max_delay = \"1m\"`, or lower `max`",
                retry.schedule.describe(),
            ),
        );
    } else if total > LONG && retry.deadline.is_none() && !retry.allow_long_wait {
        diagnostics.error(
            at,
            format!(
                "the waits may last {} in all ({}): set `max_delay` or a `deadline`, or write `allow_long_wait` if that is meant",
                display(total),
                retry.schedule.describe(),
            ),
        );
    }
}
