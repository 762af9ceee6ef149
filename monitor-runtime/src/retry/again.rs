//! Attempts whose closure is called anew each time, since it borrows something
//! mutably.

use super::site::RetrySite;
use super::sleep;
use crate::call::Attempt;
use crate::failure::Outcome;

/// Marks the user's body for the other attributes.
#[inline(always)]
pub fn __retried_body<R, A: FnMut(Attempt) -> R>(attempt: A) -> A {
    attempt
}

/// Runs `attempt` until it succeeds or the attempts are used up.
#[inline]
pub fn run<R>(
    site: &'static RetrySite,
    mut attempt: impl FnMut(Attempt) -> R,
    outcome: impl Fn(&R) -> Outcome<'_>,
) -> R {
    let mut n = 1;
    loop {
        let out = attempt(site.attempt(n));
        match site.wait_after(n, outcome(&out)) {
            None => return out,
            Some(wait) => {
                drop(out);
                sleep::block(wait);
                n += 1;
            }
        }
    }
}
