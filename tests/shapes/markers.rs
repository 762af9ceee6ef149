//! Attributes beside `#[monitored]`.

use super::monitored;
use crate::see::{Seen, pause, run, see};

#[must_use]
#[monitored(stage = "M-01")]
fn must_be_used(n: u32) -> u32 {
    n + 1
}

#[monitored(stage = "M-02")]
#[must_use = "for a reason"]
async fn must_be_used_async(n: u32) -> u32 {
    pause().await;
    n + 1
}

#[inline]
#[monitored(stage = "M-03")]
#[cold]
fn cold(n: u32) -> u32 {
    n + 1
}

#[cfg_attr(all(), monitored(stage = "M-04"), inline)]
fn conditional(n: u32) -> u32 {
    n + 1
}

#[cfg_attr(any(), monitored(stage = "none"))]
fn not_conditional(n: u32) -> u32 {
    n + 1
}

#[monitored(stage = "M-05")]
#[expect(
    unused_variables,
    unused_mut,
    reason = "to be seen through the attribute"
)]
fn unused_names(argument: u32) -> u32 {
    let mut local = 7;
    7
}

#[expect(unused_assignments, reason = "to be seen through the attribute")]
#[monitored(stage = "M-06")]
fn unused_assignment(mut n: u32) -> u32 {
    n = 7;
    n = 8;
    n
}

#[monitored(stage = "M-07")]
#[expect(unreachable_code, reason = "to be seen through the attribute")]
fn unreachable(n: u32) -> u32 {
    return n;
    n + 1
}

#[monitored(stage = "M-09")]
#[expect(clippy::let_and_return, reason = "to be seen through the attribute")]
fn let_and_return(n: u32) -> u32 {
    let sum = n + 1;
    sum
}

#[monitored(stage = "M-10")]
#[expect(
    clippy::needless_pass_by_value,
    reason = "to be seen through the attribute"
)]
fn needless_by_value(text: String) -> usize {
    text.len()
}

#[deprecated = "for a reason"]
#[monitored(stage = "M-12")]
fn deprecated(n: u32) -> u32 {
    n + 1
}

/// Documented above.
#[doc(hidden)]
#[monitored(stage = "M-13")]
/// And below.
#[allow(clippy::doc_markdown, reason = "an attribute after the documentation")]
fn documented(/* a comment */ n: u32) -> u32 {
    // A comment.
    n + 1 /* and another */
}

#[monitored(stage = "M-14")]
extern "C" fn foreign(n: u32) -> u32 {
    n + 1
}

mod inside {
    use super::monitored;

    #[monitored(stage = "M-15")]
    pub(in super::super) fn public_in_a_path(n: u32) -> u32 {
        n + 1
    }
}

#[monitored(stage = "M-16")]
fn attributes_of_statements(n: u32) -> u32 {
    #[allow(unused_variables, reason = "an attribute of a statement")]
    let unused = n;
    n + 1
}

#[monitored(stage = "M-28")]
#[tokio::main(flavor = "current_thread")]
async fn above_a_runtime(n: u32) -> Result<u32, String> {
    pause().await;
    if n > 1 {
        return Err("too large".to_owned());
    }
    Ok(n)
}

#[tokio::main(flavor = "current_thread")]
#[monitored(stage = "M-19")]
async fn below_a_runtime(n: u32) -> u32 {
    pause().await;
    n
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see(
            "must_be_used",
            "M-01 must_be_used ok; M-01 must_be_used ok",
            || {
                #[expect(unused_must_use, reason = "to be seen through the attribute")]
                {
                    must_be_used(1);
                }
                must_be_used(2)
            },
        ),
        see("must_be_used_async", "M-02 must_be_used_async ok", || {
            run(must_be_used_async(1))
        }),
        see("cold", "M-03 cold ok", || cold(1)),
        see("conditional", "M-04 conditional ok", || conditional(1)),
        see("not_conditional", "", || not_conditional(1)),
        see("unused_names", "M-05 unused_names ok", || unused_names(1)),
        see("unused_assignment", "M-06 unused_assignment ok", || {
            unused_assignment(1)
        }),
        see("unreachable", "M-07 unreachable ok", || unreachable(1)),
        see("let_and_return", "M-09 let_and_return ok", || {
            let_and_return(1)
        }),
        see("needless_by_value", "M-10 needless_by_value ok", || {
            needless_by_value("a".to_owned())
        }),
        see("deprecated", "M-12 deprecated ok", || {
            #[expect(deprecated, reason = "to be seen through the attribute")]
            deprecated(1)
        }),
        see("documented", "M-13 documented ok", || documented(1)),
        see("foreign", "M-14 foreign ok", || {
            let pointer: extern "C" fn(u32) -> u32 = foreign;
            pointer(1)
        }),
        see("public_in_a_path", "M-15 public_in_a_path ok", || {
            inside::public_in_a_path(1)
        }),
        see(
            "attributes_of_statements",
            "M-16 attributes_of_statements ok",
            || attributes_of_statements(1),
        ),
        see(
            "above_a_runtime",
            "M-28 above_a_runtime ok; M-28 above_a_runtime error",
            || [1, 2].map(above_a_runtime),
        ),
        see("below_a_runtime", "M-19 below_a_runtime ok", || {
            below_a_runtime(1)
        }),
    ]
}
