//! What once did not compile with the attribute, or was recorded wrongly.

use std::future::{self, Future};
use std::panic::{AssertUnwindSafe, catch_unwind};

use monitor_runtime::{monitored, testing};

macro_rules! with_a_field {
    ($name:ident, $value:expr) => {
        #[monitored(stage = "NBA-17", fields(given = $value))]
        fn $name() {}
    };
}

struct Point {
    x: u8,
}

with_a_field!(a_sum, 1 + 2);
with_a_field!(a_literal, Point { x: 4 }.x);

#[test]
fn a_field_may_be_any_expression_of_a_fragment() {
    let run = testing::capture();
    a_sum();
    a_literal();
    let given = |event: &str| run.events(event)[0]["data"]["given"].clone();
    assert_eq!(
        (given("A_SUM_END"), given("A_LITERAL_END")),
        (3.into(), 4.into())
    );
}

mod extended {
    use monitor_runtime::monitored;

    pub(super) trait Everywhere {
        fn outcome(&self) -> u8 {
            1
        }
        fn capture(&self) -> u8 {
            2
        }
        fn success(&self) -> u8 {
            3
        }
    }

    impl<T> Everywhere for T {}

    #[monitored(stage = "NBA-17", records = |n| *n, fields(n))]
    pub(super) fn counted(n: u8) -> Result<u8, String> {
        Ok(n.outcome() + n.capture() + n.success())
    }
}

#[test]
fn an_extension_trait_of_everything_may_have_the_same_methods() {
    assert_eq!(extended::counted(7), Ok(6));
}

struct Rows(u8);

#[monitored(stage = "NBA-17")]
impl Rows {
    #[monitored(skip)]
    const fn new() -> Self {
        Self(7)
    }

    #[cfg_attr(all(), monitored(stage = "NBA-18"))]
    fn of_its_own(&self) -> u8 {
        self.0
    }

    fn of_the_block(&self) -> u8 {
        self.0
    }
}

#[test]
fn a_block_may_begin_with_a_skipped_const_fn_and_a_conditional_attribute_counts_once() {
    let run = testing::capture();
    let rows = Rows::new();
    assert_eq!(rows.of_its_own() + rows.of_the_block(), 14);
    let stages: Vec<String> = run
        .snapshot()
        .stages
        .into_iter()
        .map(|stage| stage.stage)
        .collect();
    assert_eq!(stages, ["NBA-18", "NBA-17"]);
    assert_eq!(run.lines().len(), 4);
}

#[monitored(stage = "NBA-17")]
fn cloneable(n: u8) -> impl Future<Output = u8> + Clone {
    future::ready(n)
}

#[monitored(stage = "NBA-17", event = "ADDED", records = |rows| rows.len() - usize::from(less))]
fn counted_by_an_argument(less: u8) -> impl Future<Output = Vec<u8>> {
    async move { vec![less; 5] }
}

#[test]
fn a_returned_future_keeps_its_traits_and_may_be_counted_by_an_argument() {
    let run = testing::capture();
    let future = cloneable(7);
    let run_it = |future| futures_lite::future::block_on(future);
    assert_eq!(run_it(future.clone()) + run_it(future), 14);
    assert_eq!(
        futures_lite::future::block_on(counted_by_an_argument(2)).len(),
        5
    );
    assert_eq!(run.events("ADDED_END")[0]["data"]["records"], 3);
}

#[monitored(stage = "NBA-17")]
fn falls() -> u8 {
    panic!("inside")
}

struct CallsWhenDropped;

impl Drop for CallsWhenDropped {
    fn drop(&mut self) {
        assert!(catch_unwind(falls).is_err());
    }
}

#[test]
fn a_panic_of_a_call_that_begins_while_another_unwinds_is_a_panic() {
    let run = testing::capture();
    let outer = catch_unwind(AssertUnwindSafe(|| {
        let _calls = CallsWhenDropped;
        panic!("outside");
    }));
    assert!(outer.is_err());
    let totals = &run.snapshot().stages[0].totals;
    assert_eq!((totals.ok, totals.panic), (0, 1));
}

#[allow(
    non_upper_case_globals,
    reason = "names that a user may give to anything"
)]
mod named {
    use monitor_runtime::monitored;

    const __SITE: u8 = 1;
    const __call: u8 = 2;
    const __out: u8 = 3;

    #[monitored(stage = "NBA-17", records = |n| *n)]
    pub(super) fn constants() -> Result<u8, String> {
        Ok(__SITE + __call + __out)
    }
}

#[test]
fn items_may_have_short_names_of_any_kind() {
    assert_eq!(named::constants(), Ok(6));
}

#[monitored(stage = "NBA-17", records = (|n| *n))]
fn counted_in_parentheses() -> u32 {
    7
}

#[test]
fn a_closure_may_stand_in_parentheses() {
    let run = testing::capture();
    assert_eq!(counted_in_parentheses(), 7);
    assert_eq!(run.snapshot().stages[0].totals.records, 7);
}
