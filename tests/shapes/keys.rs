//! The attribute's keys: what they name may be used and given away as before.

#![allow(
    clippy::needless_pass_by_value,
    reason = "a field captures what the body gives away"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::monitored;
use crate::see::{Noisy, Seen, note, pause, run, see};

#[monitored(stage = "K-01", records = |rows: &Vec<u32>| rows.len() - skipped)]
fn records_with_an_argument(mut rows: Vec<u32>, skipped: usize) -> Vec<u32> {
    rows.truncate(skipped + 1);
    rows
}

#[monitored(stage = "K-02", records = |rows| {
    let above = rows.iter().filter(|&&row| row > least);
    above.count()
})]
fn records_with_a_block(rows: &[u32], least: u32) -> Result<Vec<u32>, String> {
    if rows.is_empty() {
        return Err(format!("nothing above {least}"));
    }
    Ok(rows.to_vec())
}

#[monitored(stage = "K-03", records = BTreeSet::len)]
fn records_with_a_path(rows: impl IntoIterator<Item = u32>) -> Result<BTreeSet<u32>, String> {
    let rows: BTreeSet<u32> = rows.into_iter().collect();
    (!rows.is_empty()).then_some(rows).ok_or_else(String::new)
}

#[monitored(stage = "K-04", records = |(count, _)| *count)]
fn records_with_a_pattern(count: u16) -> (u16, Noisy) {
    (count, Noisy("given back"))
}

#[monitored(stage = "K-05", records = |rows| rows.len(), fields(rows = before))]
async fn records_in_a_future(rows: &mut Vec<u32>, before: usize) -> &mut Vec<u32> {
    pause().await;
    rows.truncate(before);
    rows
}

#[monitored(stage = "K-06", fields(text, ?path, name = %first.0, length = text.len()))]
fn fields_that_are_given_away(text: String, path: PathBuf, first: Noisy) -> (String, PathBuf) {
    drop(first);
    (text, path)
}

#[monitored(stage = "K-07", fields(first = first.0, second = %second.0))]
async fn fields_in_a_future(first: Noisy, second: Noisy) -> Noisy {
    drop(second);
    pause().await;
    first
}

#[monitored(stage = "K-08", fields(yes, letter, ratio, some, none, waited = ?wait, unit = ?()))]
fn fields_of_many_types(
    yes: bool,
    letter: char,
    ratio: f64,
    some: Option<u32>,
    none: Option<&str>,
    wait: Duration,
) -> String {
    format!("{yes}{letter}{ratio}{some:?}{none:?}{wait:?}")
}

#[monitored(stage = "K-10", fields(first, rest = ?rest, sum = first + rest.len()))]
fn fields_of_a_pattern([first, rest @ ..]: [usize; 3]) -> usize {
    first + rest.iter().sum::<usize>()
}

#[monitored(stage = "K-11", level = "off")]
fn off(text: &str) -> Result<u32, std::num::ParseIntError> {
    note("quiet");
    text.parse()
}

#[monitored(stage = "K-12", level = "debug", event = "READING")]
fn debug(path: &Path) -> Option<&str> {
    path.to_str()
}

#[monitored(stage = "K-13", level = "trace")]
async fn trace(n: u32) -> u32 {
    pause().await;
    n
}

#[monitored(stage = "K-14", level = "warning", alert = "critical")]
fn warning(good: bool) -> Result<(), &'static str> {
    good.then_some(()).ok_or("not good")
}

#[monitored(stage = "K-15", level = "error", alert = "info", event = "PARSING")]
fn error(text: &str) -> Result<u32, Box<dyn std::error::Error + '_>> {
    text.parse().map_err(|_| text.into())
}

#[monitored(stage = "K-16", crate = ::monitor_runtime, records = |n| *n,)]
fn with_a_path(n: u32) -> u32 {
    n
}

#[monitored(
    stage = "K-17",
    records = |text| text.chars().filter(|c| c.is_ascii_digit()).count(),
    fields(season = season.trim(), year = season.trim().len() + 2_000, fixed = "text", truth = 1 < 2),
)]
fn every_key(season: &str) -> Result<String, std::fmt::Error> {
    if season.contains('!') {
        return Err(std::fmt::Error);
    }
    Ok(season.trim().to_uppercase())
}

#[monitored(stage = "K-19", records_in = text.chars().filter(|c| *c != '?').count(), records_total = text.len() + 1, records = |text| text.len())]
fn totals_of_what_is_given_away(text: String) -> String {
    text
}

struct Season {
    year: u32,
    teams: Vec<String>,
}

impl Season {
    #[monitored(stage = "K-18", records = |season| season.teams.len(), fields(year = self.year, team))]
    fn with(mut self, team: String) -> Self {
        self.teams.push(format!("{team} of {}", self.year));
        self
    }
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see(
            "records_with_an_argument",
            "K-01 records_with_an_argument ok records=1",
            || records_with_an_argument(vec![1, 2, 3, 4], 2),
        ),
        see(
            "records_with_a_block",
            "K-02 records_with_a_block ok records=1; K-02 records_with_a_block error",
            || {
                (
                    records_with_a_block(&[1, 2], 1),
                    records_with_a_block(&[], 1),
                )
            },
        ),
        see(
            "records_with_a_path",
            "K-03 records_with_a_path ok records=2; K-03 records_with_a_path error",
            || (records_with_a_path([1, 2, 2]), records_with_a_path([])),
        ),
        see(
            "records_with_a_pattern",
            "K-04 records_with_a_pattern ok records=3",
            || records_with_a_pattern(3),
        ),
        see(
            "records_in_a_future",
            "K-05 records_in_a_future ok records=1 rows=1",
            || run(records_in_a_future(&mut vec![1, 2], 1)).len(),
        ),
        see(
            "fields_that_are_given_away",
            "K-06 fields_that_are_given_away ok length=3 name=\"one\" path=\"\\\"/p\\\"\" text=\"abc\"",
            || fields_that_are_given_away("abc".to_owned(), "/p".into(), Noisy("one")),
        ),
        see(
            "fields_in_a_future",
            "K-07 fields_in_a_future ok first=\"one\" second=\"two\"",
            || run(fields_in_a_future(Noisy("one"), Noisy("two"))),
        ),
        see(
            "fields_of_many_types",
            "K-08 fields_of_many_types ok letter=\"c\" none=null ratio=0.5 some=1 unit=\"()\" waited=\"2s\" yes=true",
            || fields_of_many_types(true, 'c', 0.5, Some(1), None, Duration::from_secs(2)),
        ),
        see(
            "fields_of_a_pattern",
            "K-10 fields_of_a_pattern ok first=1 rest=\"[2, 3]\" sum=3",
            || fields_of_a_pattern([1, 2, 3]),
        ),
        see(
            "totals_of_what_is_given_away",
            "K-19 totals_of_what_is_given_away ok records=3 records_in=3",
            || totals_of_what_is_given_away("abc".to_owned()),
        ),
        see("off", "K-11 off error; K-11 off ok unlogged", || {
            (off("7"), off("x"))
        }),
        see("debug", "K-12 debug ok event=READING level=DEBUG", || {
            debug(Path::new("/p"))
        }),
        see("trace", "K-13 trace ok level=TRACE", || run(trace(7))),
        see(
            "warning",
            "K-14 warning ok level=WARNING; K-14 warning error",
            || (warning(true), warning(false)),
        ),
        see(
            "error",
            "K-15 error ok event=PARSING level=ERROR; K-15 error error event=PARSING",
            || ["7", "x"].map(|text| error(text).map_err(|error| error.to_string())),
        ),
        see("with_a_path", "K-16 with_a_path ok records=7", || {
            with_a_path(7)
        }),
        see(
            "every_key",
            "K-17 every_key ok fixed=\"text\" records=2 season=\"s24\" truth=true year=2003; \
             K-17 every_key error fixed=\"text\" season=\"!\" truth=true year=2001",
            || (every_key(" s24 "), every_key("!")),
        ),
        see(
            "with",
            "K-18 with ok records=1 team=\"a\" year=2024",
            || {
                Season {
                    year: 2024,
                    teams: Vec::new(),
                }
                .with("a".to_owned())
                .teams
            },
        ),
    ]
}
