//! Attempts whose closure is called anew each time, since it borrows something
//! mutably.

use super::clock::Started;
use super::decision::Judged;
use super::site::RetrySite;
use super::sleep;
use crate::opening::Attempt;

/// Marks the user's body for the other attributes.
#[inline(always)]
pub fn __retried_body<R, A: FnMut(Attempt) -> R>(attempt: A) -> A {
    attempt
}

/// Runs `attempt` until it succeeds or there is no other.
#[inline]
pub fn run<R>(
    site: &'static RetrySite,
    mut attempt: impl FnMut(Attempt) -> R,
    succeeded: impl Fn(&R) -> bool,
    judge: impl Fn(&R) -> Judged<'_>,
) -> R {
    let started = site.begin();
    let out = attempt(site.attempt(1));
    if succeeded(&out) {
        return out;
    }
    run_again(site, started, out, attempt, succeeded, judge)
}

/// What follows on a first attempt that failed with `out`. Apart, so that a call that
/// succeeds is short.
#[cold]
#[inline(never)]
fn run_again<R>(
    site: &'static RetrySite,
    started: Option<Started>,
    mut out: R,
    mut attempt: impl FnMut(Attempt) -> R,
    succeeded: impl Fn(&R) -> bool,
    judge: impl Fn(&R) -> Judged<'_>,
) -> R {
    let mut n = 1;
    while let Some(wait) = site.after(n, succeeded(&out), || judge(&out), started.as_ref()) {
        drop(out);
        sleep::block(site, wait);
        n += 1;
        out = attempt(site.attempt(n));
    }
    out
}
