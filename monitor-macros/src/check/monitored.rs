//! The arguments of `#[monitored]`.

use monitor_config::{Level, Limits, Rule, check_event, check_stage_id};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

use super::fields::{self, Field};
use super::keys::Keys;
use super::{alert, limits, value};
use crate::args::{Arg, Value};
use crate::catalog;
use crate::diagnostics::Diagnostics;
use crate::item::Function;

const KEYS: Keys = Keys {
    shown: "#[monitored]",
    known: &[
        "stage",
        "event",
        "records",
        "records_in",
        "rejected",
        "records_total",
        "fields",
        "level",
        "alert",
        "max_duration",
        "min_records",
        "max_records",
        "stale_after",
        "crate",
    ],
    elsewhere: &[
        (
            "name",
            "the stage's id is `stage = \"NBA-17\"`, the event's name is `event = \"INGESTION\"`",
        ),
        ("err", "errors are always logged, leave it out"),
        (
            "ret",
            "return values are not captured: name what you need in `records` or `fields(…)`",
        ),
        (
            "skip",
            "nothing is captured unless named in `fields(…)`, leave it out",
        ),
        (
            "skip_all",
            "nothing is captured unless named in `fields(…)`, leave it out",
        ),
        ("target", "lines carry the stage's id, leave it out"),
        (
            "parent",
            "a call's parent is the call around it, leave it out",
        ),
        (
            "max",
            "attempts belong to `#[retry(max = 3)]`, on a line of its own",
        ),
        (
            "retries",
            "attempts belong to `#[retry(max = 3)]`, on a line of its own",
        ),
        (
            "max_retries",
            "attempts belong to `#[retry(max = 3)]`, on a line of its own",
        ),
        (
            "attempts",
            "attempts belong to `#[retry(max = 3)]`, on a line of its own",
        ),
        (
            "retry",
            "attempts belong to `#[retry(max = 3)]`, on a line of its own",
        ),
        (
            "delay",
            "waits belong to `#[retry(delay = 2)]`, on a line of its own",
        ),
        (
            "backoff",
            "waits belong to `#[retry(delay = 2)]`, on a line of its own",
        ),
        (
            "progress",
            "how many records a call is to handle is `records_total = players.len()`",
        ),
        (
            "total",
            "how many records a call is to handle is `records_total = players.len()`",
        ),
        ("timeout", "a limit that warns is `max_duration = \"2m\"`"),
    ],
};

const STAGE: &str = "stage = \"NBA-17\"";
const RECORDS: &str = "records = |players| players.len()";
const REJECTED: &str = "rejected = |cleaned| cleaned.rejected";

/// Checked arguments.
pub(crate) struct Monitored {
    pub(crate) stage: String,
    /// Makes the compiler watch monitor.toml.
    pub(crate) watch: TokenStream,
    /// The prefix of the event types, in capitals.
    pub(crate) event: String,
    pub(crate) records: Option<Count>,
    pub(crate) records_in: Option<Count>,
    pub(crate) rejected: Option<Count>,
    pub(crate) records_total: Option<Total>,
    pub(crate) fields: Vec<Field>,
    pub(crate) level: Level,
    pub(crate) rules: Vec<Rule>,
    /// Those of the attribute alone: those of monitor.toml may change after the build.
    pub(crate) limits: Limits,
    pub(crate) krate: Option<syn::Path>,
}

impl Monitored {
    /// Whether nothing has to be known of what the body gives but how it ended.
    pub(crate) fn counts_nothing_after(&self) -> bool {
        self.records.is_none() && self.rejected.is_none()
    }
}

/// What counts records: a closure over the result, or an expression over arguments.
pub(crate) struct Count {
    /// Where the key stands.
    pub(crate) key: Span,
    pub(crate) by: TokenStream,
}

/// How many records a call is to handle.
pub(crate) enum Total {
    /// An expression over the arguments.
    Given(Count),
    /// `records_total` alone: the call tells it.
    Told,
}

/// Checks `args` against what `function` is; `None` where a mistake was found.
pub(crate) fn check(
    args: Vec<Arg>,
    function: &Function,
    diagnostics: &mut Diagnostics,
) -> Option<Monitored> {
    let (alerts, args) = args.into_iter().partition(|arg| arg.name() == "alert");
    let args = KEYS.sort(args, diagnostics);
    let given = |key: &str| args.get(key).and_then(Option::as_ref);

    let stage = given("stage").and_then(|arg| {
        let stage = value::parsed(arg, STAGE, diagnostics, |text| {
            check_stage_id(text).map(|()| text.to_owned())
        })?;
        let span = value::string(arg, STAGE, diagnostics).map_or(arg.span(), |(_, span)| span);
        let declared = catalog::check_stage(&stage, span, diagnostics);
        Some((stage, span, declared))
    });
    if !args.contains_key("stage") {
        diagnostics.error(
            Span::call_site(),
            format!("the stage is missing: write `#[monitored({STAGE})]`"),
        );
    }
    let event = given("event").and_then(|arg| {
        value::parsed(arg, "event = \"INGESTION\"", diagnostics, |text| {
            check_event(text).map(|()| text.to_owned())
        })
    });
    let mut count = |key, example| {
        given(key).and_then(|arg| {
            let closure = value::closure(arg, "the success value", example, diagnostics)?;
            Some(Count {
                key: arg.span(),
                by: closure.to_token_stream(),
            })
        })
    };
    let records = count("records", RECORDS);
    let rejected = count("rejected", REJECTED);
    let mut before = |arg: &Arg, example| {
        let key = arg.span();
        value::argument(arg, example, diagnostics).map(|by| Count { key, by })
    };
    let records_in = given("records_in").and_then(|arg| before(arg, "records_in = players.len()"));
    let records_total = given("records_total").and_then(|arg| match arg.value {
        Value::Flag => Some(Total::Told),
        _ => before(arg, "records_total = players.len()").map(Total::Given),
    });
    let fields = given("fields").map(|arg| fields::check(arg, diagnostics));
    let level = given("level")
        .and_then(|arg| value::parsed(arg, "level = \"info\"", diagnostics, Level::parse));
    let krate = given("crate")
        .and_then(|arg| value::path(arg, "crate = my_crate::monitor_runtime", diagnostics));
    let limits = limits::read(&args, diagnostics);
    let declared = stage.as_ref().map_or(Limits::NONE, |stage| stage.2.limits);
    let in_force = declared.or(&limits.own);
    limits.check(
        function,
        &declared,
        stage.as_ref().map(|s| s.1),
        diagnostics,
    );
    let can = alert::Can {
        slow: in_force.max_duration.is_some() || !limits.is_readable(),
        records: in_force.min_records.is_some()
            || in_force.max_records.is_some()
            || args.contains_key("records_in")
            || !limits.is_readable(),
        stale: in_force.stale_after.is_some() || !limits.is_readable(),
        cancelled: function.is_async() || function.returns_future(),
    };
    let none = catalog::Routes::default();
    let routes = stage.as_ref().map_or(&none, |stage| &stage.2.routes);
    let rules = alert::check(&alerts, &can, routes, diagnostics);
    if let Some(keyword) = &function.sig.constness {
        diagnostics.error(
            keyword.span,
            "a `const fn` cannot be monitored, since it may run in the compiler:\nremove `const` or the attribute",
        );
    }
    if !diagnostics.is_empty() {
        return None;
    }
    let (stage, _, declared) = stage?;
    Some(Monitored {
        stage,
        watch: declared.watch,
        event: event.unwrap_or_else(|| function.name().to_uppercase()),
        records,
        records_in,
        rejected,
        records_total,
        fields: fields.unwrap_or_default(),
        level: level.unwrap_or(Level::Info),
        rules,
        limits: limits.own,
        krate,
    })
}
