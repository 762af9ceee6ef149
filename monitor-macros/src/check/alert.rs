//! `alert = "critical"` and `alert(on = "slow", level = "critical")`.

use monitor_config::{Condition, Rule, Severity};
use proc_macro2::{TokenStream, TokenTree};

use super::keys::Keys;
use super::value;
use crate::args::{self, Arg, Value};
use crate::diagnostics::Diagnostics;

const KEYS: Keys = Keys {
    shown: "alert(…)",
    known: &["on", "level"],
    elsewhere: &[
        ("severity", "the severity is `level = \"critical\"`"),
        ("when", "the condition is `on = \"failure\"`"),
    ],
};

const SHORT: &str = "alert = \"critical\"";
const ON: &str = "on = \"failure\"";
const LEVEL: &str = "level = \"critical\"";

/// Which conditions can come true for the function at all.
pub(crate) struct Can {
    pub(crate) slow: bool,
    pub(crate) records: bool,
    pub(crate) stale: bool,
    pub(crate) cancelled: bool,
}

/// The rules that `alerts` state.
pub(crate) fn check(alerts: &[Arg], can: &Can, diagnostics: &mut Diagnostics) -> Vec<Rule> {
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
            Value::List(tokens) => long(arg, args::parse(tokens.clone(), diagnostics), diagnostics),
            _ => value::parsed(arg, SHORT, diagnostics, Severity::parse).map(|severity| Rule {
                on: Condition::Failure,
                severity,
            }),
        };
        let Some(rule) = rule else { continue };
        let on = rule.on.as_str();
        if rules.iter().any(|other| other.on == rule.on) {
            diagnostics.error(
                arg.span(),
                format!("there are two alerts on \"{on}\": keep one of the two"),
            );
        } else if let Some(missing) = can.never(rule.on) {
            diagnostics.error(
                arg.span(),
                format!("an alert on \"{on}\" can never be raised here: {missing}"),
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

fn long(arg: &Arg, args: Vec<Arg>, diagnostics: &mut Diagnostics) -> Option<Rule> {
    let args = KEYS.sort(args, diagnostics);
    let given = |key: &str| args.get(key).and_then(Option::as_ref);
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
    Some(Rule {
        on: on?,
        severity: severity?,
    })
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
