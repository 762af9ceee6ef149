//! The same functions twice, as they are and with `#[monitored]`: nothing but the record
//! of the calls may tell the one from the other.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, unused_qualifications, clippy::pedantic)]
#![allow(
    clippy::duplicate_mod,
    reason = "that each file is compiled twice is the point"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

mod see;

#[path = "."]
mod plain {
    pub(crate) use monitor_unchanged::monitored;

    pub(crate) mod arguments;
    pub(crate) mod async_traits;
    pub(crate) mod asynchronous;
    pub(crate) mod control;
    pub(crate) mod drops;
    pub(crate) mod fragile;
    pub(crate) mod futures;
    pub(crate) mod generics;
    pub(crate) mod given_up;
    pub(crate) mod inference;
    pub(crate) mod keys;
    pub(crate) mod lifetimes;
    pub(crate) mod made;
    pub(crate) mod markers;
    pub(crate) mod moves;
    pub(crate) mod nesting;
    pub(crate) mod patterns;
    pub(crate) mod receivers;
    pub(crate) mod results;
    pub(crate) mod traits;
    pub(crate) mod values;
    pub(crate) mod waiting;
    pub(crate) mod without_closure;
}

#[path = "."]
mod annotated {
    pub(crate) use monitor_runtime::monitored;

    pub(crate) mod arguments;
    pub(crate) mod async_traits;
    pub(crate) mod asynchronous;
    pub(crate) mod control;
    pub(crate) mod drops;
    pub(crate) mod fragile;
    pub(crate) mod futures;
    pub(crate) mod generics;
    pub(crate) mod given_up;
    pub(crate) mod inference;
    pub(crate) mod keys;
    pub(crate) mod lifetimes;
    pub(crate) mod made;
    pub(crate) mod markers;
    pub(crate) mod moves;
    pub(crate) mod nesting;
    pub(crate) mod patterns;
    pub(crate) mod receivers;
    pub(crate) mod results;
    pub(crate) mod traits;
    pub(crate) mod values;
    pub(crate) mod waiting;
    pub(crate) mod without_closure;
}

use see::Seen;

/// The shapes of a file, as they are and annotated.
type Pair = (fn() -> Vec<Seen>, fn() -> Vec<Seen>);

macro_rules! files {
    ($($file:ident),* $(,)?) => {
        const FILES: &[Pair] = &[$((plain::$file::shapes, annotated::$file::shapes)),*];

        $(
            #[test]
            fn $file() {
                assert_alike((plain::$file::shapes, annotated::$file::shapes));
            }
        )*
    };
}

files![
    values,
    results,
    arguments,
    patterns,
    receivers,
    traits,
    inference,
    generics,
    lifetimes,
    control,
    nesting,
    drops,
    moves,
    asynchronous,
    waiting,
    futures,
    given_up,
    async_traits,
    markers,
    made,
    keys,
    fragile,
    without_closure,
];

fn assert_alike((plain, annotated): Pair) {
    let (plain, annotated) = (plain(), annotated());
    assert_eq!(plain.len(), annotated.len());
    let mut differences = String::new();
    for (plain, annotated) in plain.iter().zip(&annotated) {
        for (what, is, should_be) in [
            ("value", &annotated.value, &plain.value),
            ("drops", &annotated.drops, &plain.drops),
            ("calls", &annotated.calls, &annotated.expected.to_owned()),
            ("plain calls", &plain.calls, &String::new()),
        ] {
            if is != should_be {
                let name = plain.name;
                let _ = writeln!(
                    differences,
                    "{name}: {what}\n  should be {should_be}\n  and is    {is}"
                );
            }
        }
    }
    assert!(differences.is_empty(), "\n{differences}");
}

#[test]
fn the_shapes_are_many_and_distinct() {
    let mut names = BTreeSet::new();
    let mut functions = BTreeMap::new();
    for shape in FILES.iter().flat_map(|(plain, _)| plain()) {
        assert!(names.insert(shape.name), "{} twice", shape.name);
        for call in shape.expected.split("; ").filter(|call| !call.is_empty()) {
            let (stage, function) = stage_and_function(call);
            let known = functions.entry(stage).or_insert(function);
            assert_eq!(*known, function, "two functions of stage {stage}");
        }
    }
    assert!(names.len() >= 120, "{} shapes", names.len());
}

fn stage_and_function(call: &str) -> (&str, &str) {
    let (stage, rest) = call.split_once(' ').unwrap_or_default();
    (stage, rest.split(' ').next().unwrap_or_default())
}
