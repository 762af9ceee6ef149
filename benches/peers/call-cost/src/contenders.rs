//! The ways to measure a call, side by side.

use crate::function::{self, repeat, repeat_async};
use crate::peers::{autometrics, fastrace, hotpath, metrics, opentelemetry, tracing};
use crate::{by_hand, clock, ours};

/// Makes so many calls.
pub(crate) type Run = fn(u64);

#[derive(Clone, Copy)]
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    /// What has to be there before the first call.
    pub(crate) prepare: fn(),
    /// Between measurements, and not measured.
    pub(crate) settle: fn(),
    sync: Run,
    r#async: Run,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sync,
    Async,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Sync, Self::Async];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Async => "async",
        }
    }

    pub(crate) fn find(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == name);
        found.expect("`sync` or `async`")
    }
}

impl Contender {
    const fn new(name: &'static str, sync: Run, r#async: Run) -> Self {
        Self {
            name,
            prepare: || (),
            settle: || (),
            sync,
            r#async,
        }
    }

    const fn prepared_by(mut self, prepare: fn()) -> Self {
        self.prepare = prepare;
        self
    }

    const fn settled_by(mut self, settle: fn()) -> Self {
        self.settle = settle;
        self
    }

    pub(crate) fn find(name: &str) -> &'static Self {
        let found = ALL.iter().find(|contender| contender.name == name);
        found.expect("a contender")
    }

    pub(crate) fn run(&self, kind: Kind) -> Run {
        match kind {
            Kind::Sync => self.sync,
            Kind::Async => self.r#async,
        }
    }
}

pub(crate) const PLAIN: &str = "plain function";
/// What the others are compared with.
pub(crate) const BASE: &str = "by hand, a shard a thread";
pub(crate) const OURS: [&str; 2] = ["ours, level off", "ours, level info"];

pub(crate) static ALL: &[Contender] = &[
    Contender::new(
        PLAIN,
        |calls| repeat(calls, function::plain),
        |calls| repeat_async(calls, function::plain_async),
    ),
    Contender::new(
        "two reads of the CPU's counter",
        |calls| repeat(calls, clock::counter),
        |calls| repeat_async(calls, clock::counter_async),
    ),
    Contender::new(
        "two Instant::now()",
        |calls| repeat(calls, clock::instant),
        |calls| repeat_async(calls, clock::instant_async),
    ),
    Contender::new(
        BASE,
        |calls| repeat(calls, by_hand::own),
        |calls| repeat_async(calls, by_hand::own_async),
    ),
    Contender::new(
        "by hand, buckets a call late",
        |calls| repeat(calls, by_hand::late),
        |calls| repeat_async(calls, by_hand::late_async),
    ),
    Contender::new(
        "by hand, shards by number",
        |calls| repeat(calls, by_hand::numbered),
        |calls| repeat_async(calls, by_hand::numbered_async),
    ),
    Contender::new(
        OURS[0],
        |calls| repeat(calls, ours::off),
        |calls| repeat_async(calls, ours::off_async),
    ),
    Contender::new(
        OURS[1],
        |calls| repeat(calls, ours::info),
        |calls| repeat_async(calls, ours::info_async),
    ),
    Contender::new(
        "hotpath",
        |calls| repeat(calls, hotpath::sync),
        |calls| repeat_async(calls, hotpath::r#async),
    )
    .prepared_by(hotpath::prepare),
    Contender::new(
        "autometrics",
        |calls| repeat(calls, autometrics::sync),
        |calls| repeat_async(calls, autometrics::r#async),
    )
    .prepared_by(autometrics::prepare),
    Contender::new(
        "metrics, macros",
        |calls| repeat(calls, metrics::macros),
        |calls| repeat_async(calls, metrics::macros_async),
    )
    .prepared_by(metrics::prepare)
    .settled_by(metrics::settle),
    Contender::new(
        "metrics, kept handles",
        |calls| repeat(calls, metrics::cached),
        |calls| repeat_async(calls, metrics::cached_async),
    )
    .prepared_by(metrics::prepare)
    .settled_by(metrics::settle),
    Contender::new(
        "opentelemetry, counter, histogram",
        |calls| repeat(calls, opentelemetry::sync),
        |calls| repeat_async(calls, opentelemetry::r#async),
    )
    .prepared_by(opentelemetry::prepare),
    Contender::new(
        "fastrace, no reporter",
        |calls| repeat(calls, fastrace::sync),
        |calls| repeat_async(calls, fastrace::r#async),
    ),
    Contender::new(
        "tracing, no subscriber",
        |calls| repeat(calls, tracing::sync),
        |calls| repeat_async(calls, tracing::r#async),
    ),
];
