//! The arguments of `#[retry]`.

use std::time::Duration;

use monitor_config::Schedule;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{FnArg, Meta, ReturnType, Signature, Type};

use super::keys::Keys;
use super::value;
use crate::args::{self, Arg};
use crate::diagnostics::Diagnostics;
use crate::future;
use crate::item::Function;

const KEYS: Keys = Keys {
    shown: "#[retry]",
    known: &["max", "delay", "crate"],
    elsewhere: &[
        (
            "retries",
            "attempts are counted, the first one too: write `max = 3`",
        ),
        (
            "max_retries",
            "attempts are counted, the first one too: write `max = 3`",
        ),
        ("attempts", "the total number of attempts is `max = 3`"),
        ("max_attempts", "the total number of attempts is `max = 3`"),
        ("times", "the total number of attempts is `max = 3`"),
        (
            "backoff",
            "waits are exponential: write `delay = 2` for 4 s, 8 s, …",
        ),
        ("wait", "the base of the waits is `delay = 2`"),
        (
            "stage",
            "it belongs to `#[monitored]`, on a line of its own",
        ),
    ],
};

const MAX: u32 = 3;
const DELAY: Duration = Duration::from_secs(2);

/// Checked arguments.
pub(crate) struct Retry {
    pub(crate) schedule: Schedule,
    pub(crate) krate: Option<syn::Path>,
}

/// The schedule of a `#[retry]` that stands below the attribute being checked and has no
/// mistake. One by another name is not recognised: then nothing is said of it.
pub(crate) fn schedule_below(function: &Function) -> Option<Schedule> {
    let attr = function.attrs.iter().find(|attr| {
        let last = attr.path().segments.last();
        last.is_some_and(|segment| segment.ident == "retry")
    })?;
    let tokens = match &attr.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(_) => return None,
    };
    let mut unreported = Diagnostics::default();
    let args = args::parse(tokens, &mut unreported);
    check(args, function, &mut unreported).map(|retry| retry.schedule)
}

/// Checks `args` against what `function` is; `None` where a mistake was found.
pub(crate) fn check(
    args: Vec<Arg>,
    function: &Function,
    diagnostics: &mut Diagnostics,
) -> Option<Retry> {
    let args = KEYS.sort(args, diagnostics);
    let given = |key: &str| args.get(key).and_then(Option::as_ref);

    let max = given("max").and_then(|arg| value::count(arg, "max = 3", diagnostics));
    let delay = given("delay").and_then(|arg| value::duration(arg, "delay = 2", diagnostics));
    let krate = given("crate")
        .and_then(|arg| value::path(arg, "crate = my_crate::monitor_runtime", diagnostics));
    if let Some(keyword) = &function.sig.constness {
        diagnostics.error(
            keyword.span,
            "a `const fn` cannot be retried, since it gives the same result each time:\nremove `const` or the attribute",
        );
    }
    check_receiver(&function.sig, diagnostics);
    check_output(function, diagnostics);
    if !diagnostics.is_empty() {
        return None;
    }
    Some(Retry {
        schedule: Schedule::new(max.unwrap_or(MAX), delay.unwrap_or(DELAY)),
        krate,
    })
}

/// Reports `mut self`: there is no other name to start afresh from.
fn check_receiver(sig: &Signature, diagnostics: &mut Diagnostics) {
    let Some(FnArg::Receiver(receiver)) = sig.inputs.first() else {
        return;
    };
    let first = receiver.to_token_stream().into_iter().next();
    if matches!(first, Some(TokenTree::Ident(word)) if word == "mut") {
        diagnostics.error_over(
            receiver,
            "`mut self` would carry the changes of one attempt into the next:\ntake `self` and write `let mut this = self;` in the body",
        );
    }
}

/// Reports a return type that is no `Result` by its form alone. What only the
/// compiler can know is left to a bound in the expansion.
fn check_output(function: &Function, diagnostics: &mut Diagnostics) {
    let sig = &function.sig;
    const NEEDED: &str = "`#[retry]` needs a function that returns a `Result`";

    match &sig.output {
        ReturnType::Default => diagnostics.error(
            sig.ident.span(),
            format!("{NEEDED}: `{}` returns nothing", sig.ident),
        ),
        ReturnType::Type(_, ty) => match &**ty {
            Type::Never(never) => {
                diagnostics.error_over(never, format!("{NEEDED}: this one never returns"));
            }
            Type::ImplTrait(opaque) if future::is_future(opaque) => diagnostics.error_over(
                opaque,
                format!("{NEEDED}, or an `async fn`: write `async fn {}`", sig.ident),
            ),
            Type::ImplTrait(opaque) => {
                diagnostics.error_over(opaque, format!("{NEEDED}: write `Result<impl …, …>`"));
            }
            _ if !function.may_fail() => diagnostics.error_over(
                ty,
                format!("{NEEDED}: this type cannot say that an attempt failed"),
            ),
            _ => {}
        },
    }
}
