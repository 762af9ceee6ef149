//! `max_duration`, `min_records`, `max_records`, `stale_after`.

use std::collections::HashMap;

use monitor_config::Limits;
use monitor_config::duration::display;
use proc_macro2::Span;

use super::value;
use crate::args::Arg;
use crate::check::retry;
use crate::diagnostics::Diagnostics;
use crate::item::Function;

/// The limits of an attribute, and where they stand.
pub(crate) struct Written {
    pub(crate) own: Limits,
    max_duration: Option<Span>,
    /// Those that are about records, with their keys.
    of_records: Vec<(&'static str, Span)>,
    has_records: bool,
    readable: bool,
}

/// Reads the limits among `args`.
pub(crate) fn read(
    args: &HashMap<&'static str, Option<Arg>>,
    diagnostics: &mut Diagnostics,
) -> Written {
    let given = |key: &str| args.get(key).and_then(Option::as_ref);
    let mut readable = true;
    let mut time = |key, example: &str| {
        let arg = given(key)?;
        let read = value::limit(arg, example, diagnostics);
        readable &= read.is_some();
        read
    };
    let max_duration = time("max_duration", "max_duration = \"2m\"");
    let stale_after = time("stale_after", "stale_after = \"26h\"");
    let mut of_records = Vec::new();
    let mut number = |key: &'static str, example: &str| {
        let arg = given(key)?;
        of_records.push((key, arg.span()));
        let read = value::number(arg, example, diagnostics);
        readable &= read.is_some();
        read
    };
    let own = Limits {
        max_duration,
        min_records: number("min_records", "min_records = 5000"),
        max_records: number("max_records", "max_records = 6000"),
        stale_after,
    };
    Written {
        own,
        max_duration: given("max_duration").map(Arg::span),
        of_records,
        has_records: args.contains_key("records"),
        readable,
    }
}

impl Written {
    /// Whether none of them has a mistake that hides what was meant.
    pub(crate) fn is_readable(&self) -> bool {
        self.readable
    }

    /// Reports limits that contradict each other, those of monitor.toml, or the retries
    /// of the function. `stage` is where the stage's id stands.
    pub(crate) fn check(
        &self,
        function: &Function,
        declared: &Limits,
        stage: Option<Span>,
        diagnostics: &mut Diagnostics,
    ) {
        if !self.has_records {
            for (key, span) in &self.of_records {
                diagnostics.error(
                    *span,
                    format!(
                        "`{key}` needs to know the records: add `records = |players| players.len()`"
                    ),
                );
            }
        }
        let in_force = declared.or(&self.own);
        let of_records = self.of_records.first().map(|(_, span)| *span);
        if let (Some(problem), Some(span)) = (in_force.contradiction(), of_records) {
            let whose = if in_force == self.own {
                ""
            } else {
                " (with the limits of monitor.toml, which come first)"
            };
            diagnostics.error(span, format!("`min_records`: {problem}{whose}"));
        }
        let span = self.max_duration.or(stage);
        if let (Some(limit), Some(span)) = (in_force.max_duration, span)
            && let Some(retry) = retry::below(function)
            && retry.longest_wait() > limit
        {
            let file = if declared.max_duration.is_some() {
                " in monitor.toml"
            } else {
                ""
            };
            diagnostics.error(
                span,
                format!(
                    "`max_duration`{file} is {}, but the retries alone may wait {} ({}): raise it, or retry less",
                    display(limit),
                    display(retry.longest_wait()),
                    retry.schedule.describe(),
                ),
            );
        }
    }
}
