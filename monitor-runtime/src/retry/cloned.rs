//! Attempts whose closure is cloned for all but the last: what the body consumes is
//! cloned with it, what it borrows is not.

use super::decision::Judged;
use super::site::RetrySite;
use super::sleep;
use crate::call::Attempt;

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
    judge: impl Fn(&R) -> Judged<'_>,
) -> R {
    let mut started = site.begin();
    let mut n = 1;
    while !site.is_last(n) {
        let out = attempt.clone()(site.attempt(n));
        match site.after(n, judge(&out), started.as_mut()) {
            None => return out,
            Some(wait) => {
                drop(out);
                sleep::block(site, wait);
                n += 1;
            }
        }
    }
    let out = attempt(site.attempt(n));
    site.after(n, judge(&out), started.as_mut());
    out
}
