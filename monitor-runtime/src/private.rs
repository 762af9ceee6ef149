//! What generated code names. Not part of the public interface: it changes with
//! the macros, which are pinned to the same version.

use std::future::Future;

pub use std::boxed::Box;

pub use monitor_config::{Channels, Condition, Level, Rule, Severity};

pub use crate::async_call::AsyncCall;
pub use crate::classify::{classify, success};
pub use crate::config::Embedded;
pub use crate::declared::announce;
pub use crate::follow::{Follow, Watched};
pub use crate::opening::Attempt;
pub use crate::records::{Given, records};
pub use crate::retry::site::{RetrySite, RetryState};
pub use crate::run::{Program, start_run};
pub use crate::site::{Declaration, Site};
pub use crate::sync_call::{Call, Guard};

pub use crate::__announce as announce;

/// Captured values.
pub mod fields {
    pub use crate::fields::*;
}

/// Sync bodies.
pub mod sync {
    /// Runs the body of a monitored function. The bound makes the compiler see that
    /// the closure runs once, so that it may give away what it captures.
    #[inline(always)]
    pub fn __monitored_body<R>(body: impl FnOnce() -> R) -> R {
        body()
    }
}

/// Sync bodies that are given the arguments that they own.
pub mod owned {
    /// Runs the body of a monitored function. The arguments are the closure's own, so
    /// that it drops them as the function would.
    #[inline(always)]
    pub fn __monitored_body<A, R>(arguments: A, body: impl FnOnce(A) -> R) -> R {
        body(arguments)
    }
}

/// The future that a function returns, as a call.
pub fn watch<T, F, E>(call: AsyncCall, future: F, finish: E) -> Watched<F, T, E>
where
    F: Future<Output = T>,
    E: FnOnce(AsyncCall, &T),
{
    Watched::new(call, future, finish)
}

/// Runs the body of an async monitored function.
pub fn __monitored_body<F: Future>(call: AsyncCall, body: F) -> Follow<F> {
    Follow::new(call, body)
}

/// Runs one attempt of an async retried function.
#[inline(always)]
pub fn __retried_body<F: Future>(body: F) -> F {
    body
}

/// Makes the future that is one attempt.
#[inline(always)]
pub fn make<F>(make: impl FnOnce() -> F) -> F {
    make()
}

/// The async block that a function returns.
pub mod watched {
    use std::future::Future;

    /// Marks the body of a monitored function.
    #[inline(always)]
    pub fn __monitored_body<F: Future>(body: F) -> F {
        body
    }
}

/// Tells the compiler that the attempt's closure gives away what it captures.
#[inline(always)]
pub fn attempts<F: Future, A: FnOnce(Attempt) -> F + Clone>(attempt: A) -> A {
    attempt
}

/// The closure of this attempt, and that of the next. By value, so that the future which
/// holds the closure while it waits has one place for it and not two.
#[inline(always)]
pub fn share<A: Clone>(attempt: A, is_last: bool) -> (A, Option<A>) {
    if is_last {
        (attempt, None)
    } else {
        (attempt.clone(), Some(attempt))
    }
}

pub use crate::retry::decision::Judged;
pub use crate::retry::{again, cloned};

/// What `#[retry]` can retry.
#[diagnostic::on_unimplemented(
    message = "`#[retry]` needs a function that returns a `Result`",
    label = "this type cannot say that an attempt failed",
    note = "let the function return `Result<{Self}, …>`",
    note = "a function that returns a future by a name of its own has to write it out: `Pin<Box<dyn Future<Output = …>>>`"
)]
pub trait Fallible {}

#[diagnostic::do_not_recommend]
impl<T, E> Fallible for Result<T, E> {}

/// Checks the bound where the function's type is written.
#[inline(always)]
pub const fn fallible<R: Fallible>() {}

/// What can say that its time was over.
#[diagnostic::on_unimplemented(
    message = "`attempt_timeout` and `deadline` of an async function need an error that can say that the time is over",
    label = "its error is not made from `monitor_runtime::TimedOut`",
    note = "write `impl From<monitor_runtime::TimedOut> for …`, or give the variant of an enum of `thiserror` `#[from]`"
)]
pub trait Timed {
    /// The value of an attempt that was cut off.
    fn timed_out(error: crate::TimedOut) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T, E: From<crate::TimedOut>> Timed for Result<T, E> {
    fn timed_out(error: crate::TimedOut) -> Self {
        Err(E::from(error))
    }
}

/// The value of an attempt that was in time, or the error that it was not; and whether it
/// was not.
pub fn in_time<R: Timed>(attempt: Result<R, crate::TimedOut>) -> (R, bool) {
    match attempt {
        Ok(value) => (value, false),
        Err(error) => (R::timed_out(error), true),
    }
}

/// Gives an async block its type; never called.
///
/// # Panics
///
/// Always.
#[cold]
#[must_use]
pub fn unreachable<T>() -> T {
    unreachable!("the branch is `if false`")
}
