//! `[[stages.<id>.alerts]]`: the rules of a stage.

use toml_span::Value;

use super::alerts::names;
use super::header;
use crate::problem::Problems;
use crate::section::{Section, found};
use crate::{Alerts, Channels, Condition, Rule, Severity, WrittenRule, route_to};

const ON: &str = "failure";
const LEVEL: &str = "critical";

pub(super) fn read(stage: &mut Section<'_, '_>, id: &str, routes: &Alerts) -> Vec<Rule> {
    let Some(value) = stage.take("alerts") else {
        return Vec::new();
    };
    let stage_header = header("stages", id);
    let name = format!("[{}.alerts]]", stage_header.trim_end_matches(']'));
    let problems = stage.problems();
    let Some(tables) = value.as_array() else {
        let message = format!(
            "`alerts` in {stage_header} must be an array of tables, not {}: write {name} on a line of its own for each rule",
            found(value)
        );
        problems.add(value.span.start, message);
        return Vec::new();
    };
    let mut rules: Vec<Rule> = Vec::new();
    for value in tables {
        let Some(rule) = rule(&name, value, routes, problems) else {
            continue;
        };
        if rules.iter().any(|other| other.waits_as(&rule)) {
            let message = format!(
                "two rules of {name} wait for the same, \"{}\": keep one of the two",
                rule.on.as_str()
            );
            problems.add(value.span.start, message);
        }
        rules.push(rule);
    }
    rules
}

fn rule<'a>(
    name: &str,
    value: &'a Value<'a>,
    routes: &Alerts,
    problems: &mut Problems<'_>,
) -> Option<Rule> {
    let start = value.span.start;
    let mut table = Section::open(name.to_owned(), value, problems)?;
    let on = table.checked_text("on", ON, Condition::parse);
    let level = table.checked_text("level", LEVEL, Severity::parse);
    let written = WrittenRule {
        channels: channels(&mut table, routes),
        after: table.integer("after", 3, Some, "from 1 up"),
        within: table.duration("within", "10m"),
        repeat: table.duration("repeat", "4h"),
        resolve: table.flag("resolve"),
        above: table.number("above", 0.2, |_| true, "above 0 and below 1"),
        min_calls: table.integer("min_calls", 20, Some, "from 1 up"),
    };
    if !table.has("on") {
        let message = format!("{name} does not say on what: write `on = \"{ON}\"`");
        table.problems().add(start, message);
    }
    let severity = match (level, table.has("level")) {
        (None, true) => None,
        (level, _) => Some(level.unwrap_or(Severity::Warning)),
    };
    let checked = on
        .zip(severity)
        .map(|(on, severity)| written.check(on, severity));
    if let Some(Err(mistakes)) = &checked {
        for (key, message) in mistakes {
            table.complain(key, message);
        }
    }
    if let Some(severity) = severity
        && written.channels.is_empty()
        && let Some(problem) = routes.without_a_route(severity)
    {
        let key = if table.has("level") { "level" } else { "on" };
        table.complain(key, &problem);
    }
    table.close(|key, _| match key {
        "severity" => Some(format!(
            "{name} has no `severity`: the severity is `level = \"{LEVEL}\"`"
        )),
        "when" => Some(format!(
            "{name} has no `when`: the condition is `on = \"{ON}\"`"
        )),
        "channels" => Some(format!(
            "{name} has no `channels`: write `channel = [\"slack\"]`"
        )),
        _ => None,
    });
    checked?.ok()
}

/// A channel, or a list of them.
fn channels(table: &mut Section<'_, '_>, routes: &Alerts) -> Channels {
    let rule = |text: &str| route_to(text, &routes.channels);
    let is_one = table
        .get("channel")
        .is_some_and(|value| value.as_str().is_some());
    let names = if is_one {
        let channel = table.checked_text("channel", "slack", rule);
        channel.into_iter().collect()
    } else {
        names(table, "channel", "slack", rule).unwrap_or_default()
    };
    Channels::named(names)
}
