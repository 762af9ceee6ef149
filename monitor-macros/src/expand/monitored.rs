//! The expansion of `#[monitored]`: which way the body takes.

use monitor_config::Rule;
use proc_macro2::TokenStream;

use super::{Captures, capture, future, sync};
use crate::bindings;
use crate::check::monitored::Monitored;
use crate::check::retry;
use crate::compose::{self, Around, Buried};
use crate::documentation;
use crate::future::{Returned, Tail};
use crate::item::Function;
use crate::jumps;
use crate::owned::{self, Lent};

/// The instrumented function.
pub(crate) fn expand(mut function: Function, args: &Monitored) -> Result<TokenStream, Buried> {
    let is_plain = !function.is_async() && !compose::is_generated(&function.body);
    let returned = is_plain.then(|| Returned::of(&function.sig.output));
    let tail = is_plain.then(|| Tail::find(&function.body)).flatten();
    let body = match (returned.flatten(), tail) {
        // A future that is returned early is a call too: then all that is returned is
        // watched. A type that is not known for a future's gets no other box.
        (returned, Some(tail)) if returned.is_none() || !tail.leaves_before() => {
            future::watch_tail(&function, args, tail)
        }
        (Some(returned), _) => future::watch_body(&mut function, args, returned),
        (None, _) => instrument_body(&mut function, args)?,
    };
    documentation::add(&mut function, &sentences(args));
    function.expect_below("retry");
    Ok(function.with_body(body))
}

/// The body of a function that is async by its keyword, or not at all.
fn instrument_body(function: &mut Function, args: &Monitored) -> Result<TokenStream, Buried> {
    // Attempts borrow what they share; only a single call can have it to itself. An
    // attribute below may be `#[retry]`, by whatever name.
    let is_generated = compose::is_generated(&function.body);
    let is_single = !is_generated && !function.has_other_attributes();
    let cannot_fail = !function.may_fail() && args.counts_nothing_after();
    if cannot_fail && !function.is_async() && !is_generated {
        return Ok(sync::guarded(function, args));
    }
    if is_single && !counts_by_arguments(function, args) {
        return Ok(instrument_single(function, args));
    }
    // A `#[retry]` below needs to see which of them change.
    let is_retried = retry::is_below(function);
    let borrowed = if is_retried {
        Vec::new()
    } else {
        bindings::take_mutable_references(function).0
    };
    compose::wrap_innermost(&function.body, |body, around| {
        let body = bindings::rebind(body, &borrowed);
        if function.is_async() || around.in_future {
            let lent = Lent::default();
            future::follow(function, args, &body, &around, Captures::Borrow, &lent)
        } else {
            let run = sync::borrowing_body(function, &body);
            sync::around(function, args, &run, &around)
        }
    })
}

/// A body that has its arguments to itself.
fn instrument_single(function: &mut Function, args: &Monitored) -> TokenStream {
    let (body, around) = (function.body.clone(), Around::default());
    if function.is_async() {
        let first = owned::in_drop_order(function, &body);
        let lent = owned::lend(function, &first, &capture::expressions(args));
        let captures = Captures::Move(&first);
        future::follow(function, args, &body, &around, captures, &lent)
    } else if function.needs_its_place() && !jumps::may_leave(body.stream()) {
        sync::in_place(function, args, &body)
    } else {
        let run = sync::owning_body(function, &body);
        sync::around(function, args, &run, &around)
    }
}

/// Whether what is counted after the body names an argument, which must be there then.
fn counts_by_arguments(function: &Function, args: &Monitored) -> bool {
    [&args.records, &args.rejected]
        .into_iter()
        .flatten()
        .any(|count| owned::are_named_in(function, &count.by))
}

/// What the documentation says.
fn sentences(args: &Monitored) -> Vec<String> {
    let mut sentences = vec![format!("Monitored as `{}`.", args.stage)];
    let alerts: Vec<String> = args.rules.iter().map(Rule::describe).collect();
    if !alerts.is_empty() {
        sentences.push(format!("Alerts: {}.", alerts.join(", ")));
    }
    sentences
}
