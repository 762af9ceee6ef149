//! What functions return.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::ops::ControlFlow;
use std::panic;

use super::monitored;
use crate::see::{Noisy, Seen, see};

type Rows = Vec<Vec<u32>>;

#[monitored(stage = "V-01", records = |n| *n)]
fn number() -> u32 {
    41 + 1
}

#[monitored(stage = "V-02")]
fn nothing(seen: &Cell<u32>) {
    seen.set(seen.get() + 1);
}

#[monitored(stage = "V-03")]
fn first_digit(text: &str) -> Option<u32> {
    let first = text.chars().next()?;
    first.to_digit(10)
}

#[monitored(stage = "V-10")]
fn never(reason: &str) -> ! {
    panic!("{reason}")
}

#[monitored(stage = "V-11")]
fn never_with_a_payload() -> ! {
    panic::resume_unwind(Box::new(7_u8))
}

#[monitored(stage = "V-13")]
fn generic<R: Default>() -> R {
    R::default()
}

#[monitored(stage = "V-16")]
fn control_flow(rows: &[u32]) -> ControlFlow<u32, usize> {
    rows.iter().try_for_each(|&row| {
        if row > 9 {
            ControlFlow::Break(row)
        } else {
            ControlFlow::Continue(())
        }
    })?;
    ControlFlow::Continue(rows.len())
}

#[monitored(stage = "V-18")]
fn copied_when_needed(text: &str) -> Cow<'_, str> {
    if text.contains(' ') {
        text.replace(' ', "-").into()
    } else {
        text.into()
    }
}

#[monitored(stage = "V-26")]
fn coerced(number: bool) -> Box<dyn Debug> {
    if number {
        return Box::new(7);
    }
    Box::new("text")
}

#[monitored(stage = "V-27")]
fn coerced_to_a_slice(some: bool) -> &'static [u8] {
    if some { &[1, 2] } else { &[] }
}

#[monitored(stage = "V-28")]
fn function_pointer(double: bool) -> fn(u32) -> u32 {
    if double {
        return |n| n * 2;
    }
    |n| n + 1
}

#[monitored(stage = "V-29")]
fn closure(step: u32) -> impl Fn(u32) -> u32 {
    move |n| n + step
}

#[monitored(stage = "V-30")]
fn inferred_from_the_type(rows: &[(&'static str, u32)]) -> BTreeMap<&'static str, Rows> {
    let mut all = BTreeMap::new();
    for &(name, row) in rows {
        let rows: &mut Rows = all.entry(name).or_default();
        rows.push(vec![row]);
    }
    all
}

#[monitored(stage = "V-31")]
fn dropped_by_the_caller(name: &'static str) -> (Noisy, [Noisy; 1]) {
    (Noisy(name), [Noisy("second")])
}

pub(crate) fn shapes() -> Vec<Seen> {
    let seen = Cell::new(0);
    vec![
        see("number", "V-01 number ok records=42", number),
        see("nothing", "V-02 nothing ok", || {
            nothing(&seen);
            seen.take()
        }),
        see(
            "first_digit",
            "V-03 first_digit ok; V-03 first_digit ok",
            || (first_digit("7"), first_digit("")),
        ),
        see("never", "V-10 never panic", || -> () { never("no way") }),
        see(
            "never_with_a_payload",
            "V-11 never_with_a_payload panic",
            || -> () { never_with_a_payload() },
        ),
        see("generic", "V-13 generic ok; V-13 generic ok", || {
            (generic::<u8>(), generic::<Option<String>>())
        }),
        see(
            "control_flow",
            "V-16 control_flow ok; V-16 control_flow ok",
            || (control_flow(&[1]), control_flow(&[10])),
        ),
        see("copied_when_needed", "V-18 copied_when_needed ok", || {
            copied_when_needed("a b")
        }),
        see("coerced", "V-26 coerced ok; V-26 coerced ok", || {
            (coerced(true), coerced(false))
        }),
        see("coerced_to_a_slice", "V-27 coerced_to_a_slice ok", || {
            coerced_to_a_slice(true)
        }),
        see(
            "function_pointer",
            "V-28 function_pointer ok; V-28 function_pointer ok",
            || (function_pointer(true)(4), function_pointer(false)(4)),
        ),
        see("closure", "V-29 closure ok", || closure(3)(4)),
        see(
            "inferred_from_the_type",
            "V-30 inferred_from_the_type ok",
            || inferred_from_the_type(&[("a", 1), ("b", 2), ("a", 3)]),
        ),
        see(
            "dropped_by_the_caller",
            "V-31 dropped_by_the_caller ok",
            || dropped_by_the_caller("first"),
        ),
    ]
}
