//! `monitor.toml` from its text: which tables there are, and which keys each of them has.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use toml_span::Value;

use crate::check;
use crate::problem::Problems;
use crate::section::{Section, found};
use crate::spelling::{hint, quoted};
use crate::stage_id::check_stage_id;
use crate::syntax;
use crate::{Alerts, Budget, Config, Limits, Pipeline, Problem, Stage};

mod alerts;
mod log;
mod rules;

const TABLES: [&str; 5] = ["pipeline", "stages", "budgets", "log", "alerts"];

impl Config {
    /// Reads the text of a `monitor.toml`.
    ///
    /// # Errors
    ///
    /// Every mistake of the file, in the order of its lines. Text that is not TOML is one mistake, the first. No message
    /// repeats a value that could be a secret.
    ///
    /// ```
    /// use monitor_config::Config;
    ///
    /// let problems = Config::parse("[pipeline]\nname = nba").unwrap_err();
    /// assert_eq!(
    ///     problems[0].to_string(),
    ///     "line 2, column 8: this is neither a number nor true or false, and text must stand in quotes, such as \"nba_pipeline\""
    /// );
    /// ```
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        // Some editors begin a file with a byte order mark, which no reader sees and no column counts.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut problems = Problems::new(text);
        let mut config = Self::default();
        match toml_span::parse(text) {
            Ok(root) => config = file(&root, &mut problems),
            Err(error) => problems.add(error.span.start, syntax::describe(&error, text)),
        }
        let problems = problems.into_sorted();
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(problems)
        }
    }
}

fn file<'a>(root: &'a Value<'a>, problems: &mut Problems<'_>) -> Config {
    let mut config = Config::default();
    let Some(tables) = root.as_table() else {
        return config;
    };
    // Before the stages, whose rules have to have a route.
    if let Some(value) = tables.get("alerts") {
        config.alerts = alerts::read(value, problems);
    }
    let routes = config.alerts.clone();
    let stage = |id: &str, value, problems: &mut Problems<'_>| stage(id, value, &routes, problems);
    for (key, value) in tables {
        match key.name.as_ref() {
            "pipeline" => config.pipeline = pipeline(value, problems),
            "stages" => config.stages = Some(named(&STAGES, value, problems, stage)),
            "budgets" => config.budgets = Some(named(&BUDGETS, value, problems, budget)),
            "log" => config.log = log::read(value, problems),
            "alerts" => {}
            unknown => problems.add(key.span.start, unknown_table(unknown, value)),
        }
    }
    config
}

fn unknown_table(name: &str, value: &Value<'_>) -> String {
    let shown = quoted(name);
    let start = if value.as_table().is_some() {
        format!("unknown table `{shown}`")
    } else {
        format!("`{shown}` stands outside of every table, so move it below the line of its table")
    };
    start + &hint(name, "tables", TABLES)
}

/// A table that holds one table for each name.
struct Group {
    name: &'static str,
    each: &'static str,
    example: &'static str,
}

const STAGES: Group = Group {
    name: "stages",
    each: "stage",
    example: "[stages.NBA-17]",
};

const BUDGETS: Group = Group {
    name: "budgets",
    each: "budget",
    example: "[budgets.nba-api]",
};

fn named<'a, T>(
    group: &Group,
    value: &'a Value<'a>,
    problems: &mut Problems<'_>,
    read: impl Fn(&str, &'a Value<'a>, &mut Problems<'_>) -> Option<T>,
) -> BTreeMap<String, T> {
    let Group {
        name,
        each,
        example,
    } = *group;
    let Some(table) = value.as_table() else {
        let message = format!(
            "[{name}] must be a table, not {}: write one table for each {each}, such as {example}",
            found(value)
        );
        problems.add(value.span.start, message);
        return BTreeMap::new();
    };
    let mut members = BTreeMap::new();
    for (key, value) in table {
        if value.as_table().is_none() {
            let message = format!(
                "`{}` stands directly in [{name}], which holds one table for each {each}: \
                 write a line such as {example} above the {each}'s keys",
                quoted(&key.name)
            );
            problems.add(key.span.start, message);
            continue;
        }
        if group.name == STAGES.name
            && let Err(message) = check_stage_id(&key.name)
        {
            problems.add(
                key.span.start,
                format!("{}: {message}", header(name, &key.name)),
            );
        }
        if let Some(member) = read(&key.name, value, problems) {
            members.insert(key.name.to_string(), member);
        }
    }
    members
}

fn pipeline<'a>(value: &'a Value<'a>, problems: &mut Problems<'_>) -> Pipeline {
    let Some(mut table) = Section::open("[pipeline]".to_owned(), value, problems) else {
        return Pipeline::default();
    };
    let pipeline = Pipeline {
        name: table.text("name", "nba_pipeline"),
        logs: table.text("logs", "logs"),
        keep_runs: table.integer("keep_runs", 50, at_least_one, "from 1 up"),
        serve: table.checked_text("serve", "127.0.0.1:9464", address),
        redact: table
            .list("redact", "NBA_API_KEY", check::variable)
            .unwrap_or_default(),
    };
    table.close(|_, _| None);
    pipeline
}

/// An address with its port. Names are not looked up: a build must not depend on what they mean there.
fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "this is no address with a port: write one such as \"127.0.0.1:9464\", or \"[::1]:9464\"".to_owned()
    })
}

/// The record of the run that is under way is always there.
fn at_least_one(number: u64) -> Option<u64> {
    (number > 0).then_some(number)
}

fn stage<'a>(
    id: &str,
    value: &'a Value<'a>,
    routes: &Alerts,
    problems: &mut Problems<'_>,
) -> Option<Stage> {
    let mut table = Section::open(header("stages", id), value, problems)?;
    let stage = Stage {
        title: table.text("title", "Player ingestion"),
        owner: table.text("owner", "data-team"),
        runbook: table.text("runbook", "docs/runbooks/nba-17.md"),
        limits: Limits {
            max_duration: table.duration("max_duration", "2m"),
            min_records: table.integer("min_records", 5000, Some, "from 0 up"),
            max_records: table.integer("max_records", 6000, Some, "from 0 up"),
            stale_after: table.duration("stale_after", "26h"),
        },
        alerts: rules::read(&mut table, id, routes),
    };
    if let Some(problem) = stage.limits.contradiction() {
        table.complain("min_records", &problem);
    }
    table.close(|key, value| {
        // [stages.etl.load] is TOML for a table `load` within a stage `etl`, and rarely meant so.
        let full = format!("{id}.{key}");
        value.as_table()?;
        Some(format!(
            "unknown table `{}` in {}: for a stage whose id has a dot write [stages.\"{}\"]",
            quoted(key),
            header("stages", id),
            quoted(&full)
        ))
    });
    Some(stage)
}

fn budget<'a>(name: &str, value: &'a Value<'a>, problems: &mut Problems<'_>) -> Option<Budget> {
    let mut table = Section::open(header("budgets", name), value, problems)?;
    let default = Budget::default();
    let budget = Budget {
        ratio: table
            .number(
                "ratio",
                0.1,
                |ratio| ratio > 0.0 && ratio <= 1.0,
                "above 0 and up to 1",
            )
            .unwrap_or(default.ratio),
        floor: table
            .number(
                "floor",
                10.0,
                |floor| floor >= 0.0 && floor.is_finite(),
                "from 0 up",
            )
            .unwrap_or(default.floor),
    };
    table.close(|_, _| None);
    Some(budget)
}

/// A table's line, with quotes where TOML needs them.
fn header(group: &str, name: &str) -> String {
    let bare = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if bare {
        format!("[{group}.{}]", quoted(name))
    } else {
        format!("[{group}.\"{}\"]", quoted(name))
    }
}
