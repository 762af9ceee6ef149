//! When and in which order things are dropped that the body gives away.

#![allow(
    clippy::boxed_local,
    clippy::needless_pass_by_value,
    reason = "an argument that is only dropped is the point"
)]

use super::monitored;
use crate::see::{Noisy, Seen, note, see};

#[derive(Debug)]
struct Pair {
    left: Noisy,
    right: Noisy,
}

#[monitored(stage = "D-03")]
fn first_moved(first: Noisy, second: Noisy) {
    drop(first);
    note(second.0);
}

#[monitored(stage = "D-04")]
fn middle_moved(_first: Noisy, second: Noisy, _third: Noisy) {
    drop(second);
    note("body");
}

#[monitored(stage = "D-05")]
fn partly_moved(pair: Pair, _last: Noisy) {
    drop(pair.right);
    note("body");
}

#[monitored(stage = "D-06")]
fn both_parts_moved(pair: (Noisy, Noisy), _last: Noisy) -> Noisy {
    drop(pair.1);
    pair.0
}

#[monitored(stage = "D-07")]
fn moved_in_a_loop(first: Noisy, _second: Noisy) {
    let mut slot = Some(first);
    for mark in ["once", "twice"] {
        note(mark);
        drop(slot.take());
    }
}

#[monitored(stage = "D-08")]
fn moved_into_a_closure(first: Noisy, _second: Noisy) -> usize {
    let length = move || first.0.len();
    note("body");
    length()
}

#[monitored(stage = "D-09")]
fn closure_that_leaves(first: Noisy, _second: Noisy) -> impl FnOnce() -> Noisy {
    move || first
}

#[monitored(stage = "D-10")]
fn given_back(first: Noisy, _second: Noisy) -> Noisy {
    first
}

#[monitored(stage = "D-11")]
fn given_back_in_another_order(first: Noisy, second: Noisy) -> [Noisy; 2] {
    [second, first]
}

#[monitored(stage = "D-15")]
fn kept_in_the_body(first: Noisy, second: Noisy) {
    let _kept = second;
    let _also = first;
    note("body");
}

#[monitored(stage = "D-27", fields(first = first.0))]
fn moved_and_captured(first: Noisy, _second: Noisy) -> Vec<Noisy> {
    vec![Noisy("before"), first]
}

#[monitored(stage = "D-28")]
fn forgotten(first: Noisy, _second: Noisy) {
    let kept = Box::new(first);
    note(kept.0);
    Box::leak(kept).0 = "never";
}

impl Pair {
    #[monitored(stage = "D-30")]
    fn swapped(self, _other: Noisy) -> Self {
        Self {
            left: self.right,
            right: self.left,
        }
    }

    #[monitored(stage = "D-31")]
    fn left(self, _other: Noisy) -> Noisy {
        self.left
    }

    #[monitored(stage = "D-32")]
    fn length(self: Box<Self>, other: Noisy) -> usize {
        let local = Noisy("local");
        self.left.0.len() + self.right.0.len() + other.0.len() + local.0.len()
    }
}

pub(crate) fn shapes() -> Vec<Seen> {
    let (one, two, three) = (|| Noisy("one"), || Noisy("two"), || Noisy("three"));
    let pair = || Pair {
        left: Noisy("left"),
        right: Noisy("right"),
    };
    vec![
        see("first_moved", "D-03 first_moved ok", || {
            first_moved(one(), two());
        }),
        see("middle_moved", "D-04 middle_moved ok", || {
            middle_moved(one(), two(), three());
        }),
        see("partly_moved", "D-05 partly_moved ok", || {
            partly_moved(pair(), one());
        }),
        see("both_parts_moved", "D-06 both_parts_moved ok", || {
            both_parts_moved((one(), two()), three())
        }),
        see("moved_in_a_loop", "D-07 moved_in_a_loop ok", || {
            moved_in_a_loop(one(), two());
        }),
        see(
            "moved_into_a_closure",
            "D-08 moved_into_a_closure ok",
            || moved_into_a_closure(one(), two()),
        ),
        see("closure_that_leaves", "D-09 closure_that_leaves ok", || {
            closure_that_leaves(one(), two())()
        }),
        see("given_back", "D-10 given_back ok", || {
            given_back(one(), two())
        }),
        see(
            "given_back_in_another_order",
            "D-11 given_back_in_another_order ok",
            || given_back_in_another_order(one(), two()),
        ),
        see("kept_in_the_body", "D-15 kept_in_the_body ok", || {
            kept_in_the_body(one(), two());
        }),
        see(
            "moved_and_captured",
            "D-27 moved_and_captured ok first=\"one\"",
            || moved_and_captured(one(), two()),
        ),
        see("forgotten", "D-28 forgotten ok", || forgotten(one(), two())),
        see("swapped", "D-30 swapped ok", || pair().swapped(one())),
        see("left", "D-31 left ok", || pair().left(one())),
        see("length", "D-32 length ok", || {
            Box::new(pair()).length(one())
        }),
    ]
}
