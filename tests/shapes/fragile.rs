//! Shapes that a closure or a block around the body is most likely to change.

#![allow(
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    reason = "arguments that are only dropped are the point, and all of them are in one place"
)]

use std::future::{self, Future};
use std::panic::Location;
use std::pin::Pin;

use super::monitored;
use crate::see::{Noisy, Seen, give_up, note, pause, run, see, sent};

type Parsed = Result<u32, std::num::ParseIntError>;

#[monitored(stage = "N-01")]
fn matched(pair: Option<(Noisy, Noisy)>, _last: Noisy) -> usize {
    match pair {
        Some((first, _)) => first.0.len(),
        None => 0,
    }
}

#[monitored(stage = "N-02")]
fn moved_on_one_path(first: Noisy, _second: Noisy, take: bool) {
    if take {
        drop(first);
    }
    note("body");
}

#[monitored(stage = "N-03")]
fn moved_after_a_return(first: Noisy, _second: Noisy, early: bool) -> Option<Noisy> {
    let _local = Noisy("local");
    if early {
        return None;
    }
    Some(first)
}

#[monitored(stage = "N-04")]
fn moved_after_a_question(
    first: Noisy,
    _second: Noisy,
    text: &str,
) -> Result<(u32, Noisy), std::num::ParseIntError> {
    let number = text.parse()?;
    Ok((number, first))
}

#[monitored(stage = "N-05")]
fn moved_after_a_panic(first: Noisy, _second: Noisy, good: bool) -> Noisy {
    assert!(good, "not good");
    first
}

#[monitored(stage = "N-06")]
fn moved_by_one_round_of_a_loop(first: Noisy, _second: Noisy, rounds: &[bool]) {
    for &take in rounds {
        note("round");
        if take {
            drop(first);
            break;
        }
    }
}

#[monitored(stage = "N-07")]
fn parts_moved_on_one_path(pair: (Noisy, Noisy), _last: Noisy, take: bool) {
    if take {
        drop(pair.0);
    }
    note("body");
}

#[monitored(stage = "N-08")]
fn moved_and_bound_again(mut first: Noisy, _second: Noisy) {
    drop(first);
    first = Noisy("again");
    note(first.0);
}

#[monitored(stage = "N-09")]
async fn cancelled_before_the_move(first: Noisy, _second: Noisy) -> Noisy {
    pause().await;
    first
}

#[monitored(stage = "N-10")]
async fn panics_before_the_move(first: Noisy, _second: Noisy, good: bool) -> Noisy {
    pause().await;
    assert!(good, "not good");
    first
}

#[monitored(stage = "N-11")]
async fn moved_on_one_path_async(first: Noisy, _second: Noisy, take: bool) {
    if take {
        drop(first);
    }
    pause().await;
    note("awake");
}

#[monitored(stage = "N-12")]
fn early_return_of_a_future(known: Option<u32>) -> Pin<Box<dyn Future<Output = u32> + Send>> {
    if let Some(known) = known {
        return Box::pin(future::ready(known));
    }
    Box::pin(async move {
        pause().await;
        7
    })
}

#[monitored(stage = "N-13")]
fn ready_future(text: &str) -> impl Future<Output = Parsed> {
    future::ready(text.parse())
}

#[monitored(stage = "N-14")]
fn future_of_another(text: &str) -> impl Future<Output = Parsed> + Send + use<'_> {
    note("making");
    parse(text)
}

async fn parse(text: &str) -> Parsed {
    pause().await;
    text.parse()
}

#[monitored(stage = "N-15")]
fn boxed_by_a_condition(text: &str) -> Pin<Box<dyn Future<Output = Parsed> + '_>> {
    if text.is_empty() {
        Box::pin(future::ready(Ok(0)))
    } else {
        Box::pin(parse(text))
    }
}

#[monitored(stage = "N-16")]
fn bound_before_it_is_returned(text: String) -> impl Future<Output = Parsed> + Send {
    let future = async move { parse(&text).await };
    sent(future)
}

#[track_caller]
#[monitored(stage = "N-17")]
fn asks_for_the_caller() -> &'static Location<'static> {
    Location::caller()
}

#[monitored(stage = "N-18")]
#[track_caller]
fn passes_the_caller_on() -> &'static Location<'static> {
    asks_for_the_caller()
}

#[monitored(stage = "N-19")]
fn gives_a_closure_that_boxes() -> impl Fn(u32) -> Pin<Box<dyn Future<Output = u32>>> {
    |n| Box::pin(async move { n })
}

#[monitored(stage = "N-20")]
async fn parts_moved_async(pair: (Noisy, Noisy), _last: Noisy) {
    drop(pair.1);
    pause().await;
    note("awake");
}

pub(crate) fn shapes() -> Vec<Seen> {
    let (one, two, three) = (|| Noisy("one"), || Noisy("two"), || Noisy("three"));
    vec![
        see("matched", "N-01 matched ok; N-01 matched ok", || {
            (
                matched(Some((one(), two())), three()),
                matched(None, three()),
            )
        }),
        see(
            "moved_on_one_path",
            "N-02 moved_on_one_path ok; N-02 moved_on_one_path ok",
            || [true, false].map(|take| moved_on_one_path(one(), two(), take)),
        ),
        see(
            "moved_after_a_return",
            "N-03 moved_after_a_return ok; N-03 moved_after_a_return ok",
            || [true, false].map(|early| moved_after_a_return(one(), two(), early)),
        ),
        see(
            "moved_after_a_question",
            "N-04 moved_after_a_question ok; N-04 moved_after_a_question error",
            || ["7", "x"].map(|text| moved_after_a_question(one(), two(), text)),
        ),
        see(
            "moved_after_a_panic",
            "N-05 moved_after_a_panic panic",
            || moved_after_a_panic(one(), two(), false),
        ),
        see(
            "moved_by_one_round_of_a_loop",
            "N-06 moved_by_one_round_of_a_loop ok; N-06 moved_by_one_round_of_a_loop ok",
            || {
                moved_by_one_round_of_a_loop(one(), two(), &[false]);
                moved_by_one_round_of_a_loop(one(), two(), &[false, true]);
            },
        ),
        see(
            "parts_moved_on_one_path",
            "N-07 parts_moved_on_one_path ok; N-07 parts_moved_on_one_path ok",
            || [true, false].map(|take| parts_moved_on_one_path((one(), two()), three(), take)),
        ),
        see(
            "moved_and_bound_again",
            "N-08 moved_and_bound_again ok",
            || moved_and_bound_again(one(), two()),
        ),
        see(
            "cancelled_before_the_move",
            "N-09 cancelled_before_the_move cancelled",
            || give_up(cancelled_before_the_move(one(), two()), 1),
        ),
        see(
            "panics_before_the_move",
            "N-10 panics_before_the_move panic",
            || run(panics_before_the_move(one(), two(), false)),
        ),
        see(
            "moved_on_one_path_async",
            "N-11 moved_on_one_path_async ok; N-11 moved_on_one_path_async ok",
            || [true, false].map(|take| run(moved_on_one_path_async(one(), two(), take))),
        ),
        see(
            "early_return_of_a_future",
            "N-12 early_return_of_a_future ok; N-12 early_return_of_a_future ok",
            || [Some(1), None].map(|known| run(early_return_of_a_future(known))),
        ),
        see(
            "ready_future",
            "N-13 ready_future ok; N-13 ready_future error",
            || {
                give_up(ready_future("7"), 0);
                ["7", "x"].map(|text| run(ready_future(text)))
            },
        ),
        see(
            "future_of_another",
            "N-14 future_of_another cancelled; N-14 future_of_another error",
            || {
                give_up(future_of_another("7"), 1);
                run(sent(future_of_another("x")))
            },
        ),
        see(
            "boxed_by_a_condition",
            "N-15 boxed_by_a_condition ok; N-15 boxed_by_a_condition error",
            || ["", "x"].map(|text| run(boxed_by_a_condition(text))),
        ),
        see(
            "bound_before_it_is_returned",
            "N-16 bound_before_it_is_returned error",
            || run(sent(bound_before_it_is_returned("x".to_owned()))),
        ),
        see("asks_for_the_caller", "N-17 asks_for_the_caller ok", || {
            asks_for_the_caller().line()
        }),
        see(
            "passes_the_caller_on",
            "N-17 asks_for_the_caller ok; N-18 passes_the_caller_on ok",
            || passes_the_caller_on().line(),
        ),
        see(
            "gives_a_closure_that_boxes",
            "N-19 gives_a_closure_that_boxes ok",
            || {
                let boxes = gives_a_closure_that_boxes();
                run(boxes(1)) + run(boxes(2))
            },
        ),
        see(
            "parts_moved_async",
            "N-20 parts_moved_async cancelled; N-20 parts_moved_async ok",
            || {
                give_up(parts_moved_async((one(), two()), three()), 1);
                run(parts_moved_async((one(), two()), three()));
            },
        ),
    ]
}
