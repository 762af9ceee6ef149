//! Attempts whose closure is cloned for all but the last: what the body consumes is
//! cloned with it, what it borrows is not.

use super::clock::Started;
use super::decision::Judged;
use super::site::RetrySite;
use super::sleep;
use crate::opening::Attempt;

/// Marks the user's body for the other attributes.
#[inline(always)]
pub fn __retried_body<R, A: FnOnce(Attempt) -> R + Clone>(attempt: A) -> A {
    attempt
}

/// Runs `attempt` until it succeeds or there is no other.
#[inline]
pub fn run<R>(
    site: &'static RetrySite,
    attempt: impl FnOnce(Attempt) -> R + Clone,
    succeeded: impl Fn(&R) -> bool,
    judge: impl Fn(&R) -> Judged<'_>,
) -> R {
    let started = site.begin();
    if site.is_last(1) {
        let out = attempt(site.attempt(1));
        site.after(1, succeeded(&out), || judge(&out), None);
        return out;
    }
    let out = attempt.clone()(site.attempt(1));
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
    attempt: impl FnOnce(Attempt) -> R + Clone,
    succeeded: impl Fn(&R) -> bool,
    judge: impl Fn(&R) -> Judged<'_>,
) -> R {
    let mut n = 1;
    loop {
        let Some(wait) = site.after(n, succeeded(&out), || judge(&out), started.as_ref()) else {
            return out;
        };
        drop(out);
        sleep::block(site, wait);
        n += 1;
        if site.is_last(n) {
            break;
        }
        out = attempt.clone()(site.attempt(n));
    }
    let out = attempt(site.attempt(n));
    site.after(n, succeeded(&out), || judge(&out), started.as_ref());
    out
}
