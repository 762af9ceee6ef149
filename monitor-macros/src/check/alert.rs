//! `alert = "critical"` and `alert(on = "slow", level = "critical", after = 3, within = "10m")`.

use std::collections::HashMap;

use monitor_config::{Channels, Condition, Rule, Severity, WrittenRule, route_to};
use proc_macro2::{Span, TokenStream, TokenTree};
use syn::Expr;

use super::keys::Keys;
use super::value;
use crate::args::{self, Arg, Value};
use crate::catalog::Routes;
use crate::diagnostics::Diagnostics;

const KEYS: Keys = Keys {
    shown: "alert(…)",
    known: &[
        "on",
        "level",
        "channel",
        "after",
        "within",
        "repeat",
        "resolve",
        "above",
        "min_calls",
    ],
    elsewhere: &[
        ("severity", "the severity is `level = \"critical\"`"),
        ("when", "the condition is `on = \"failure\"`"),
        ("channels", "write `channel = [\"email\", \"slack\"]`"),
        (
            "threshold",
            "a share is `above = 0.2`, a number of events `after = 3`",
        ),
        ("window", "the time is `within = \"10m\"`"),
        ("every", "how often it is told again is `repeat = \"4h\"`"),
    ],
};

const SHORT: &str = "alert = \"critical\"";
const ON: &str = "on = \"failure\"";
const LEVEL: &str = "level = \"critical\"";
const CHANNEL: &str = "channel = \"slack\"";

/// Which conditions can come true for the function at all.
pub(crate) struct Can {
    pub(crate) slow: bool,
    pub(crate) records: bool,
    pub(crate) stale: bool,
    pub(crate) cancelled: bool,
}

/// The rules that `alerts` state.
pub(crate) fn check(
    alerts: &[Arg],
    can: &Can,
    routes: &Routes,
    diagnostics: &mut Diagnostics,
) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for arg in alerts {
        let rule = match &arg.value {
            Value::List(tokens) if is_one_word(tokens) => {
                diagnostics.error_over(
                    tokens,
                    format!("a severity alone is written `{SHORT}`, a rule `alert({ON}, {LEVEL})`"),
                );
                None
            }
            Value::List(tokens) => {
                let args = args::parse(tokens.clone(), diagnostics);
                long(arg, args, can, routes, diagnostics)
            }
            _ => short(arg, routes, diagnostics),
        };
        let Some(rule) = rule else { continue };
        if rules.iter().any(|other| other.waits_as(&rule)) {
            diagnostics.error(
                arg.span(),
                format!(
                    "there are two alerts on \"{}\": keep one of the two",
                    rule.on.as_str()
                ),
            );
        }
        rules.push(rule);
    }
    rules
}

/// `alert("critical")` and `alert(critical)`
fn is_one_word(tokens: &TokenStream) -> bool {
    let mut tokens = tokens.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Literal(_)), None) => true,
        (Some(TokenTree::Ident(word)), None) => KEYS.known.iter().all(|key| word != key),
        _ => false,
    }
}

fn short(arg: &Arg, routes: &Routes, diagnostics: &mut Diagnostics) -> Option<Rule> {
    let severity = value::parsed(arg, SHORT, diagnostics, Severity::parse)?;
    check_route(severity, arg.span(), routes, diagnostics);
    Some(Rule::new(Condition::Failure, severity))
}

fn long(
    arg: &Arg,
    args: Vec<Arg>,
    can: &Can,
    routes: &Routes,
    diagnostics: &mut Diagnostics,
) -> Option<Rule> {
    let args = KEYS.sort(args, diagnostics);
    let given = |key: &str| args.get(key).and_then(Option::as_ref);
    let place = |key: &str| given(key).map_or(arg.span(), Arg::span);
    if !args.contains_key("on") {
        diagnostics.error(
            arg.span(),
            format!("`alert(…)` does not say on what: write `alert({ON}, {LEVEL})`"),
        );
    }
    let on = given("on").and_then(|arg| value::parsed(arg, ON, diagnostics, Condition::parse));
    let severity = match args.get("level") {
        None => Some(Severity::Warning),
        Some(level) => level
            .as_ref()
            .and_then(|arg| value::parsed(arg, LEVEL, diagnostics, Severity::parse)),
    };
    let written = written(&args, routes, diagnostics);
    if let Some(missing) = on.and_then(|on| can.never(on)) {
        diagnostics.error(
            arg.span(),
            format!(
                "an alert on \"{}\" can never be raised here: {missing}",
                on?.as_str()
            ),
        );
    }
    if let Some(severity) = severity
        && !args.contains_key("channel")
    {
        check_route(severity, place("level"), routes, diagnostics);
    }
    let checked = written?.check(on?, severity?);
    checked
        .map_err(|mistakes| {
            for (key, message) in mistakes {
                diagnostics.error(place(key), message);
            }
        })
        .ok()
}

/// The other keys; `None` where one of them could not be read.
fn written(
    args: &HashMap<&'static str, Option<Arg>>,
    routes: &Routes,
    diagnostics: &mut Diagnostics,
) -> Option<WrittenRule> {
    let mut is_readable = args.values().all(Option::is_some);
    let mut read = |is_given: bool, is_read: bool| is_readable &= is_read || !is_given;
    let given = |key: &str| args.get(key).and_then(Option::as_ref);
    let channels = given("channel").map(|arg| channels(arg, routes, diagnostics));
    read(channels.is_some(), channels.flatten().is_some());
    let mut number = |key, example| {
        let number = given(key).map(|arg| value::number(arg, example, diagnostics));
        read(number.is_some(), number.flatten().is_some());
        number.flatten()
    };
    let after = number("after", "after = 3");
    let min_calls = number("min_calls", "min_calls = 20");
    let mut time = |key, example| {
        let time = given(key).map(|arg| value::limit(arg, example, diagnostics));
        read(time.is_some(), time.flatten().is_some());
        time.flatten()
    };
    let within = time("within", "within = \"10m\"");
    let repeat = time("repeat", "repeat = \"4h\"");
    let resolve = given("resolve").map(|arg| value::switch(arg, "resolve = false", diagnostics));
    read(resolve.is_some(), resolve.flatten().is_some());
    let above = given("above").map(|arg| value::share(arg, "above = 0.2", diagnostics));
    read(above.is_some(), above.flatten().is_some());
    is_readable.then(|| WrittenRule {
        channels: channels.flatten().unwrap_or_default(),
        after: after.map(|after| u32::try_from(after).unwrap_or(u32::MAX)),
        within,
        repeat,
        resolve: resolve.flatten(),
        above: above.flatten(),
        min_calls,
    })
}

/// `channel = "slack"` or `channel = ["email", "slack"]`.
fn channels(arg: &Arg, routes: &Routes, diagnostics: &mut Diagnostics) -> Option<Channels> {
    let rule = |text: &str| route_to(text, &routes.channels);
    let Value::Expr(expr) = &arg.value else {
        value::expr(arg, CHANNEL, diagnostics)?;
        return None;
    };
    let Expr::Array(array) = &**expr else {
        let channel = value::parsed(arg, CHANNEL, diagnostics, rule)?;
        return Some(Channels::named(vec![channel]));
    };
    if array.elems.is_empty() {
        diagnostics.error(
            arg.span(),
            format!(
                "nobody is told of it: name a channel, such as `{CHANNEL}`, or leave the key out"
            ),
        );
        return None;
    }
    let mut names = Some(Vec::new());
    for expr in &array.elems {
        let item = Arg {
            key: arg.key.clone(),
            value: Value::Expr(Box::new(expr.clone())),
        };
        let example = "channel = [\"email\", \"slack\"]";
        let channel = value::parsed(&item, example, diagnostics, rule);
        if let (Some(names), Some(channel)) = (&names, &channel)
            && names.contains(channel)
        {
            diagnostics.error_over(
                expr,
                format!("`{channel}` stands twice: remove one of the two"),
            );
        }
        names = names.zip(channel).map(|(mut names, channel)| {
            names.push(channel);
            names
        });
    }
    names.map(Channels::named)
}

/// Reports a severity whose alerts go nowhere.
fn check_route(severity: Severity, at: Span, routes: &Routes, diagnostics: &mut Diagnostics) {
    if let Some(problem) = routes.without_a_route(severity) {
        diagnostics.error(at, problem);
    }
}

impl Can {
    /// Why an alert on `condition` could never be raised.
    fn never(&self, condition: Condition) -> Option<&'static str> {
        let (can, missing) = match condition {
            Condition::Slow => (self.slow, "add `max_duration = \"2m\"`"),
            Condition::Records => (
                self.records,
                "add `min_records`, `max_records` or `records_in`",
            ),
            Condition::Stale => (self.stale, "add `stale_after = \"26h\"`"),
            Condition::Cancelled => (
                self.cancelled,
                "only a future can be cancelled, and this function returns none",
            ),
            _ => return None,
        };
        (!can).then_some(missing)
    }
}
