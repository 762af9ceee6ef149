//! metrics, with its recorder for Prometheus: a counter by result, and a histogram.

use std::sync::{LazyLock, OnceLock};
use std::time::Instant;

use metrics::{Counter, Histogram, counter, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::function::{Failed, body};

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// What was asked for once.
static CACHED: LazyLock<Cached> = LazyLock::new(|| Cached {
    ok: counter!("calls", "function" => "cached", "result" => "ok"),
    error: counter!("calls", "function" => "cached", "result" => "error"),
    seconds: histogram!("seconds", "function" => "cached"),
});

struct Cached {
    ok: Counter,
    error: Counter,
    seconds: Histogram,
}

pub(crate) fn prepare() {
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new();
        builder.install_recorder().expect("the first recorder")
    });
}

/// The histogram keeps each value until it is asked for, as it would be by a server.
pub(crate) fn settle() {
    HANDLE.get().expect("it is prepared").run_upkeep();
}

#[inline(always)]
fn by_macros(start: Instant, result: &Result<u64, Failed>) {
    let result = if result.is_ok() { "ok" } else { "error" };
    counter!("calls", "function" => "macros", "result" => result).increment(1);
    histogram!("seconds", "function" => "macros").record(start.elapsed());
}

#[inline(always)]
fn by_handles(start: Instant, result: &Result<u64, Failed>) {
    let cached = &*CACHED;
    let counter = if result.is_ok() {
        &cached.ok
    } else {
        &cached.error
    };
    counter.increment(1);
    cached.seconds.record(start.elapsed());
}

#[inline(never)]
pub(crate) fn macros(n: u64) -> Result<u64, Failed> {
    let start = Instant::now();
    let result = body(n);
    by_macros(start, &result);
    result
}

#[inline(never)]
pub(crate) fn cached(n: u64) -> Result<u64, Failed> {
    let start = Instant::now();
    let result = body(n);
    by_handles(start, &result);
    result
}

#[inline(never)]
pub(crate) async fn macros_async(n: u64) -> Result<u64, Failed> {
    let start = Instant::now();
    let result = async { body(n) }.await;
    by_macros(start, &result);
    result
}

#[inline(never)]
pub(crate) async fn cached_async(n: u64) -> Result<u64, Failed> {
    let start = Instant::now();
    let result = async { body(n) }.await;
    by_handles(start, &result);
    result
}
