//! The arguments of `#[retry]`.

use std::time::Duration;

use monitor_config::Schedule;
use syn::ReturnType;

use super::keys::Keys;
use super::value;
use crate::args::Arg;
use crate::diagnostics::Diagnostics;
use crate::item::Function;

const KEYS: Keys = Keys {
    attribute: "retry",
    known: &["max", "delay", "crate"],
    elsewhere: &[
        ("retries", "attempts are counted, the first one too: write `max = 3`"),
        ("max_retries", "attempts are counted, the first one too: write `max = 3`"),
        ("attempts", "the total number of attempts is `max = 3`"),
        ("max_attempts", "the total number of attempts is `max = 3`"),
        ("times", "the total number of attempts is `max = 3`"),
        ("backoff", "waits are exponential: write `delay = 2` for 4 s, 8 s, …"),
        ("wait", "the base of the waits is `delay = 2`"),
    ],
};

const MAX: u32 = 3;
const DELAY: Duration = Duration::from_secs(2);

/// Checked arguments.
pub(crate) struct Retry {
    pub(crate) schedule: Schedule,
    pub(crate) krate: Option<syn::Path>,
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
            "a `const fn` cannot be retried: it has no side effect that could go better the next time; remove `const` or the attribute",
        );
    }
    if matches!(function.sig.output, ReturnType::Default) {
        diagnostics.error(
            function.sig.ident.span(),
            format!(
                "`#[retry]` needs to see failures: `{0}` returns nothing, let it return a `Result`",
                function.sig.ident
            ),
        );
    }
    if !diagnostics.is_empty() {
        return None;
    }
    Some(Retry {
        schedule: Schedule::new(max.unwrap_or(MAX), delay.unwrap_or(DELAY)),
        krate,
    })
}
