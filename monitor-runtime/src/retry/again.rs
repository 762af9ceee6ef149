//! Attempts whose closure is called anew each time, since it borrows something
//! mutably.

use super::decision::Judged;
use super::site::RetrySite;
use super::sleep;
use crate::call::Attempt;

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
    judge: impl Fn(&R) -> Judged<'_>,
) -> R {
    let mut started = site.begin();
    let mut n = 1;
    loop {
        let out = attempt(site.attempt(n));
        match site.after(n, judge(&out), started.as_mut()) {
            None => return out,
            Some(wait) => {
                drop(out);
                sleep::block(site, wait);
                n += 1;
            }
        }
    }
}
