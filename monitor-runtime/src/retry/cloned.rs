//! Attempts whose closure is cloned for all but the last: what the body consumes is
//! cloned with it, what it borrows is not.

use super::site::RetrySite;
use super::sleep;
use crate::call::Attempt;
use crate::failure::Outcome;

/// Marks the user's body for the other attributes.
#[inline(always)]
pub fn __retried_body<R, A: FnOnce(Attempt) -> R + Clone>(attempt: A) -> A {
    attempt
}

/// Runs `attempt` until it succeeds or the attempts are used up.
#[inline]
pub fn run<R>(
    site: &'static RetrySite,
    attempt: impl FnOnce(Attempt) -> R + Clone,
    outcome: impl Fn(&R) -> Outcome<'_>,
) -> R {
    let mut n = 1;
    while !site.is_last(n) {
        let out = attempt.clone()(site.attempt(n));
        match site.wait_after(n, outcome(&out)) {
            None => return out,
            Some(wait) => {
                drop(out);
                sleep::block(wait);
                n += 1;
            }
        }
    }
    attempt(site.attempt(n))
}
