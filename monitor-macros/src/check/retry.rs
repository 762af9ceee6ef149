//! The arguments of `#[retry]`.

use std::time::Duration;

use monitor_config::{Budget, Schedule, nearest};
use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Expr, Meta};

use super::keys::Keys;
use super::{retried, schedule, value};
use crate::args::{self, Arg};
use crate::catalog::{self, DeclaredBudget};
use crate::diagnostics::Diagnostics;
use crate::item::Function;

const KEYS: Keys = Keys {
    shown: "#[retry]",
    known: &[
        "max",
        "delay",
        "factor",
        "max_delay",
        "jitter",
        "deadline",
        "attempt_timeout",
        "when",
        "retry_after",
        "budget",
        "allow_long_wait",
        "clone",
        "crate",
    ],
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
        ("wait_max", "the longest wait is `max_delay = \"1m\"`"),
        ("multiplier", "the growth of the waits is `factor = 2`"),
        ("exp_base", "the growth of the waits is `factor = 2`"),
        (
            "timeout",
            "write `deadline = 30` for the whole call, `attempt_timeout = 5` for each attempt",
        ),
        (
            "on",
            "which errors are retried is `when = |error| error.is_transient()`",
        ),
        (
            "retry_if",
            "which errors are retried is `when = |error| error.is_transient()`",
        ),
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
    pub(crate) jitter: bool,
    pub(crate) deadline: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) when: Option<Expr>,
    pub(crate) retry_after: Option<Expr>,
    pub(crate) budget: Option<(String, Budget)>,
    pub(crate) allow_long_wait: bool,
    /// Arguments that each attempt gets a clone of.
    pub(crate) clone: Vec<Ident>,
    /// Makes the compiler watch monitor.toml.
    pub(crate) watch: TokenStream,
    pub(crate) krate: Option<syn::Path>,
}

impl Retry {
    /// Whether an attempt of an async function has a limit on its time.
    pub(crate) fn cuts_off(&self) -> bool {
        self.deadline.is_some() || self.attempt_timeout.is_some()
    }

    /// The longest that all waits together can be.
    pub(crate) fn longest_wait(&self) -> Duration {
        let total = self.schedule.total_wait();
        self.deadline.map_or(total, |deadline| total.min(deadline))
    }
}

/// The arguments of a `#[retry]` that stands below the attribute being checked and has no
/// mistake. One by another name is not recognised: then nothing is said of it.
pub(crate) fn below(function: &Function) -> Option<Retry> {
    let attr = attribute_below(function)?;
    let tokens = match &attr.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(_) => return None,
    };
    let mut unreported = Diagnostics::default();
    let mut args = args::parse(tokens, &mut unreported);
    // What monitor.toml says is asked once, by the attribute itself.
    args.retain(|arg| arg.name() != "budget");
    check(args, function, &mut unreported)
}

/// Whether a `#[retry]` stands below the attribute being checked.
pub(crate) fn is_below(function: &Function) -> bool {
    attribute_below(function).is_some()
}

fn attribute_below(function: &Function) -> Option<&Attribute> {
    function.attrs.iter().find(|attr| {
        let last = attr.path().segments.last();
        last.is_some_and(|segment| segment.ident == "retry")
    })
}

/// Checks `args` against what `function` is; `None` where a mistake was found.
pub(crate) fn check(
    args: Vec<Arg>,
    function: &Function,
    diagnostics: &mut Diagnostics,
) -> Option<Retry> {
    let args = KEYS.sort(args, diagnostics);
    let given = |key: &str| args.get(key).and_then(Option::as_ref);
    let mut readable = true;
    let mut time = |key, example: &str| {
        let arg = given(key)?;
        let read = value::limit(arg, example, diagnostics);
        readable &= read.is_some();
        read
    };
    let max_delay = time("max_delay", "max_delay = \"1m\"");
    let deadline = time("deadline", "deadline = 30");
    let attempt_timeout = time("attempt_timeout", "attempt_timeout = 5");
    let max = given("max").and_then(|arg| value::count(arg, "max = 3", diagnostics));
    let delay = given("delay").and_then(|arg| value::duration(arg, "delay = 2", diagnostics));
    let factor = given("factor").and_then(|arg| value::factor(arg, "factor = 2", diagnostics));
    let jitter = given("jitter")
        .and_then(|arg| value::parsed(arg, "jitter = \"full\"", diagnostics, check_jitter));
    let mut closure = |key, example| {
        given(key).and_then(|arg| value::closure(arg, "the error", example, diagnostics).cloned())
    };
    let when = closure("when", "when = |error| error.is_transient()");
    let retry_after = closure("retry_after", "retry_after = |error| error.retry_after");
    let budget = given("budget").and_then(|arg| budget(arg, diagnostics));
    let allow_long_wait = given("allow_long_wait").is_some_and(|arg| value::flag(arg, diagnostics));
    let clone = given("clone").map(|arg| value::names(arg, "clone(rows)", diagnostics));
    let krate = given("crate")
        .and_then(|arg| value::path(arg, "crate = my_crate::monitor_runtime", diagnostics));

    let defaults = Schedule::new(MAX, DELAY);
    let (budget, declared) = budget.unzip();
    let declared: DeclaredBudget = declared.unwrap_or_default();
    let retry = Retry {
        schedule: Schedule {
            max: max.unwrap_or(MAX),
            delay: delay.unwrap_or(DELAY),
            factor: factor.unwrap_or(defaults.factor),
            max_delay,
        },
        jitter: jitter.unwrap_or(false),
        deadline,
        attempt_timeout,
        when,
        retry_after,
        budget: budget.map(|name| (name, declared.budget)),
        allow_long_wait,
        clone: clone.unwrap_or_default(),
        watch: declared.watch,
        krate,
    };
    retried::check(function, given("attempt_timeout"), diagnostics);
    retried::check_clone(function, given("clone"), &retry.clone, diagnostics);
    // What could not be read would be compared as if it were the default.
    let is_readable = |key: &str, is_read: bool| !args.contains_key(key) || is_read;
    if readable
        && is_readable("max", max.is_some())
        && is_readable("delay", delay.is_some())
        && is_readable("factor", factor.is_some())
    {
        schedule::check(&retry, &args, diagnostics);
    }
    diagnostics.is_empty().then_some(retry)
}

fn check_jitter(text: &str) -> Result<bool, String> {
    match text {
        "none" => Ok(false),
        "full" => Ok(true),
        other => {
            let meant = nearest(other, ["none", "full"]);
            let proposal =
                meant.map_or(String::new(), |meant| format!(": did you mean `{meant}`?"));
            Err(format!(
                "unknown jitter `{other}`{proposal}\n`jitter` is \"none\", or \"full\" for waits from zero up to those of the schedule"
            ))
        }
    }
}

fn budget(arg: &Arg, diagnostics: &mut Diagnostics) -> Option<(String, DeclaredBudget)> {
    const EXAMPLE: &str = "budget = \"nba-api\"";

    let (name, span) = value::string(arg, EXAMPLE, diagnostics)?;
    if name.trim().is_empty() {
        diagnostics.error(span, format!("a budget needs a name: write `{EXAMPLE}`"));
        return None;
    }
    let declared = catalog::check_budget(&name, span, diagnostics);
    Some((name, declared))
}
