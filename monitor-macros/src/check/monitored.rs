//! The arguments of `#[monitored]`.

use monitor_config::{Level, Severity, check_event, check_stage_id};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

use super::fields::{self, Field};
use super::keys::Keys;
use super::value;
use crate::args::Arg;
use crate::catalog;
use crate::diagnostics::Diagnostics;
use crate::item::Function;

const KEYS: Keys = Keys {
    attribute: "monitored",
    known: &[
        "stage", "event", "records", "fields", "level", "alert", "crate",
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
            "max",
            "attempts belong to `#[retry(max = 3)]`, on a line of its own",
        ),
        (
            "retries",
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
    ],
};

const STAGE: &str = "stage = \"NBA-17\"";
const RECORDS: &str = "records = |players| players.len()";

/// Checked arguments.
pub(crate) struct Monitored {
    pub(crate) stage: String,
    /// Makes the compiler watch monitor.toml.
    pub(crate) watch: TokenStream,
    /// The prefix of the event types, in capitals.
    pub(crate) event: String,
    pub(crate) records: Option<Records>,
    pub(crate) fields: Vec<Field>,
    pub(crate) level: Level,
    pub(crate) alert: Option<Severity>,
    pub(crate) krate: Option<syn::Path>,
}

/// What counts the records.
pub(crate) struct Records {
    /// Where the key stands.
    pub(crate) key: Span,
    pub(crate) closure: TokenStream,
}

/// Checks `args` against what `function` is; `None` where a mistake was found.
pub(crate) fn check(
    args: Vec<Arg>,
    function: &Function,
    diagnostics: &mut Diagnostics,
) -> Option<Monitored> {
    let args = KEYS.sort(args, diagnostics);
    let given = |key: &str| args.get(key).and_then(Option::as_ref);

    let stage = given("stage").and_then(|arg| {
        let stage = value::parsed(arg, STAGE, diagnostics, |text| {
            check_stage_id(text).map(|()| text.to_owned())
        })?;
        let span = value::string(arg, STAGE, diagnostics).map_or(arg.span(), |(_, span)| span);
        let watch = catalog::check_stage(&stage, span, diagnostics);
        Some((stage, watch))
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
    let records = given("records").and_then(|arg| {
        let closure = value::closure(arg, RECORDS, diagnostics)?;
        Some(Records {
            key: arg.span(),
            closure: closure.to_token_stream(),
        })
    });
    let fields = given("fields").map(|arg| fields::check(arg, diagnostics));
    let level = given("level")
        .and_then(|arg| value::parsed(arg, "level = \"info\"", diagnostics, Level::parse));
    let alert = given("alert")
        .and_then(|arg| value::parsed(arg, "alert = \"critical\"", diagnostics, Severity::parse));
    let krate = given("crate")
        .and_then(|arg| value::path(arg, "crate = my_crate::monitor_runtime", diagnostics));
    if let Some(keyword) = &function.sig.constness {
        diagnostics.error(
            keyword.span,
            "a `const fn` cannot be monitored, since it may run in the compiler:\nremove `const` or the attribute",
        );
    }
    if !diagnostics.is_empty() {
        return None;
    }
    let (stage, watch) = stage?;
    Some(Monitored {
        stage,
        watch,
        event: event.unwrap_or_else(|| function.name().to_uppercase()),
        records,
        fields: fields.unwrap_or_default(),
        level: level.unwrap_or(Level::Info),
        alert,
        krate,
    })
}
