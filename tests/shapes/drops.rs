//! When and in which order arguments, locals and temporaries are dropped.

#![allow(
    clippy::needless_pass_by_value,
    reason = "an argument that is only dropped is the point"
)]

use super::monitored;
use crate::see::{Noisy, Seen, note, see};

#[monitored(stage = "D-01")]
fn unused(_first: Noisy, _second: Noisy) {}

#[monitored(stage = "D-02")]
fn borrowed(first: Noisy, second: Noisy) -> usize {
    note("body");
    first.0.len() + second.0.len()
}

#[monitored(stage = "D-12")]
fn destructured((first, second): (Noisy, Noisy), (left, _): (Noisy, Noisy)) {
    note(first.0);
    note(second.0);
    note(left.0);
}

#[monitored(stage = "D-13")]
fn nameless(_: Noisy, _named: Noisy, _: (Noisy, u8)) {
    note("body");
}

#[monitored(stage = "D-14")]
fn ignored_in_the_body(first: Noisy, second: Noisy) {
    let _ = first;
    let _ = &second;
    note("body");
}

#[monitored(stage = "D-16")]
fn with_locals(_first: Noisy) -> usize {
    let local = Noisy("local");
    let _other = Noisy("other");
    {
        let _inner = Noisy("inner");
    }
    local.0.len()
}

#[monitored(stage = "D-17")]
fn with_an_early_return(_first: Noisy, early: bool) -> u32 {
    let _local = Noisy("local");
    if early {
        return 1;
    }
    let _late = Noisy("late");
    2
}

#[monitored(stage = "D-18")]
fn with_a_question(_first: Noisy, text: &str) -> Result<u32, Noisy> {
    let _local = Noisy("local");
    let number = text.parse::<u32>().map_err(|_| Noisy("error"))?;
    note("parsed");
    Ok(number)
}

#[monitored(stage = "D-19")]
fn in_a_panic(first: Noisy, _second: Noisy) -> u32 {
    let local = Noisy("local");
    panic!("{} and {}", first.0, local.0);
}

#[monitored(stage = "D-20")]
fn temporary_at_the_end(first: Noisy) -> usize {
    let _local = Noisy("local");
    first.0.len() + Noisy("temporary").0.len()
}

#[monitored(stage = "D-21")]
fn temporary_in_a_match(first: Noisy) -> &'static str {
    match Noisy("temporary").0.len() {
        0 => "",
        _ => first.0,
    }
}

#[monitored(stage = "D-22")]
fn replaced(mut first: Noisy, mut second: Noisy) {
    first = Noisy(if first.0.is_empty() { "" } else { "replaced" });
    std::mem::swap(&mut first, &mut second);
    note("body");
}

#[monitored(stage = "D-23")]
fn in_an_option(mut slot: Option<Noisy>, _second: Noisy) -> bool {
    let taken = slot.take();
    slot = Some(Noisy("new"));
    taken.is_some() && slot.is_some()
}

#[monitored(stage = "D-24")]
fn passed_on(first: Noisy, second: Noisy) -> usize {
    let length = borrowed_inside(first, Noisy("made"));
    note("body");
    length + second.0.len()
}

#[monitored(stage = "D-25")]
fn borrowed_inside(first: Noisy, second: Noisy) -> usize {
    first.0.len() + second.0.len()
}

#[monitored(stage = "D-26")]
fn captured(name: Noisy, _second: Noisy) -> usize {
    let borrow = || name.0.len();
    borrow() + borrow()
}

pub(crate) fn shapes() -> Vec<Seen> {
    let (one, two, three) = (|| Noisy("one"), || Noisy("two"), || Noisy("three"));
    vec![
        see("unused", "D-01 unused ok", || unused(one(), two())),
        see("borrowed", "D-02 borrowed ok", || borrowed(one(), two())),
        see("destructured", "D-12 destructured ok", || {
            destructured((one(), two()), (Noisy("left"), Noisy("right")));
        }),
        see("nameless", "D-13 nameless ok", || {
            nameless(one(), two(), (three(), 1));
        }),
        see("ignored_in_the_body", "D-14 ignored_in_the_body ok", || {
            ignored_in_the_body(one(), two());
        }),
        see("with_locals", "D-16 with_locals ok", || with_locals(one())),
        see(
            "with_an_early_return",
            "D-17 with_an_early_return ok; D-17 with_an_early_return ok",
            || [true, false].map(|early| with_an_early_return(one(), early)),
        ),
        see(
            "with_a_question",
            "D-18 with_a_question ok; D-18 with_a_question error",
            || ["7", "x"].map(|text| with_a_question(one(), text)),
        ),
        see("in_a_panic", "D-19 in_a_panic panic", || {
            in_a_panic(one(), two())
        }),
        see(
            "temporary_at_the_end",
            "D-20 temporary_at_the_end ok",
            || temporary_at_the_end(one()),
        ),
        see(
            "temporary_in_a_match",
            "D-21 temporary_in_a_match ok",
            || temporary_in_a_match(one()),
        ),
        see("replaced", "D-22 replaced ok", || replaced(one(), two())),
        see("in_an_option", "D-23 in_an_option ok", || {
            in_an_option(Some(one()), two())
        }),
        see(
            "passed_on",
            "D-25 borrowed_inside ok; D-24 passed_on ok",
            || passed_on(one(), two()),
        ),
        see("captured", "D-26 captured ok", || captured(one(), two())),
    ]
}
