//! The ways to measure a call, side by side.

use crate::function::{self, repeat, repeat_async};
use crate::{by_hand, clock, ours};

/// Makes so many calls.
pub(crate) type Run = fn(u64);

#[derive(Clone, Copy)]
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) sync: Run,
    pub(crate) r#async: Run,
}

/// What the others are compared with.
pub(crate) const BASE: &str = "by hand, a shard a thread";

pub(crate) const ALL: &[Contender] = &[
    Contender {
        name: "plain function",
        sync: |calls| repeat(calls, function::plain),
        r#async: |calls| repeat_async(calls, function::plain_async),
    },
    Contender {
        name: "two reads of the CPU's counter",
        sync: |calls| repeat(calls, clock::counter),
        r#async: |calls| repeat_async(calls, clock::counter_async),
    },
    Contender {
        name: "two Instant::now()",
        sync: |calls| repeat(calls, clock::instant),
        r#async: |calls| repeat_async(calls, clock::instant_async),
    },
    Contender {
        name: BASE,
        sync: |calls| repeat(calls, by_hand::shard),
        r#async: |calls| repeat_async(calls, by_hand::shard_async),
    },
    Contender {
        name: "by hand, shards by number",
        sync: |calls| repeat(calls, by_hand::indexed),
        r#async: |calls| repeat_async(calls, by_hand::indexed_async),
    },
    Contender {
        name: "ours, level off",
        sync: |calls| repeat(calls, ours::off),
        r#async: |calls| repeat_async(calls, ours::off_async),
    },
    Contender {
        name: "ours, level info",
        sync: |calls| repeat(calls, ours::info),
        r#async: |calls| repeat_async(calls, ours::info_async),
    },
];
