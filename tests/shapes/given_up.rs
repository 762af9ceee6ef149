//! What a returned future owns, and when that is dropped.

#![allow(
    clippy::manual_async_fn,
    clippy::needless_pass_by_value,
    reason = "the written form of the function is the point"
)]

use std::future::Future;
use std::pin::Pin;

use super::monitored;
use crate::see::{Noisy, Seen, give_up, note, pause, run, see, sent};

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

#[monitored(stage = "F-10")]
fn cancelled(name: Noisy) -> impl Future<Output = usize> + Send {
    async move {
        let _local = Noisy("local");
        pause().await;
        note("awake");
        name.0.len()
    }
}

#[monitored(stage = "F-11")]
fn panics(name: Noisy) -> impl Future<Output = ()> {
    async move {
        pause().await;
        panic!("{} fell", name.0)
    }
}

#[monitored(stage = "F-08")]
fn moved_into_a_future(first: Noisy, _second: Noisy) -> impl Future<Output = usize> {
    async move {
        pause().await;
        first.0.len()
    }
}

#[monitored(stage = "F-22")]
fn statements_before_the_future(first: Noisy, second: Noisy) -> impl Future<Output = usize> {
    let local = Noisy("local");
    note(second.0);
    async move {
        pause().await;
        first.0.len() + local.0.len()
    }
}

#[monitored(stage = "F-23", fields(second = second.0))]
fn field_of_what_stays(first: Noisy, second: Noisy) -> impl Future<Output = usize> {
    note(second.0);
    async move {
        pause().await;
        first.0.len()
    }
}

#[monitored(stage = "F-24", fields(second = second.0))]
fn field_of_what_is_used_later(first: Noisy, second: Noisy) -> impl Future<Output = usize> {
    async move {
        pause().await;
        first.0.len() + second.0.len()
    }
}

#[monitored(stage = "F-25")]
fn moved_inside(first: Noisy, second: Noisy) -> Boxed<Noisy> {
    Box::pin(async move {
        let _local = Noisy("local");
        pause().await;
        drop(second);
        pause().await;
        first
    })
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see(
            "cancelled",
            "F-10 cancelled cancelled; F-10 cancelled ok",
            || {
                give_up(sent(cancelled(Noisy("never polled"))), 0);
                give_up(cancelled(Noisy("polled once")), 1);
                give_up(cancelled(Noisy("polled twice")), 2)
            },
        ),
        see("panics", "F-11 panics panic", || run(panics(Noisy("name")))),
        see(
            "moved_into_a_future",
            "F-08 moved_into_a_future cancelled; F-08 moved_into_a_future ok",
            || {
                give_up(moved_into_a_future(Noisy("one"), Noisy("two")), 0);
                note("made");
                give_up(moved_into_a_future(Noisy("one"), Noisy("two")), 1);
                run(moved_into_a_future(Noisy("one"), Noisy("two")))
            },
        ),
        see(
            "statements_before_the_future",
            "F-22 statements_before_the_future cancelled; F-22 statements_before_the_future ok",
            || {
                give_up(statements_before_the_future(Noisy("one"), Noisy("two")), 1);
                run(statements_before_the_future(Noisy("one"), Noisy("two")))
            },
        ),
        see(
            "field_of_what_stays",
            "F-23 field_of_what_stays ok second=\"two\"",
            || {
                give_up(field_of_what_stays(Noisy("one"), Noisy("two")), 0);
                run(field_of_what_stays(Noisy("one"), Noisy("two")))
            },
        ),
        see(
            "field_of_what_is_used_later",
            "F-24 field_of_what_is_used_later ok second=\"two\"",
            || {
                give_up(field_of_what_is_used_later(Noisy("one"), Noisy("two")), 0);
                run(field_of_what_is_used_later(Noisy("one"), Noisy("two")))
            },
        ),
        see(
            "moved_inside",
            "F-25 moved_inside cancelled; F-25 moved_inside cancelled; F-25 moved_inside ok",
            || {
                for polls in 0..3 {
                    give_up(moved_inside(Noisy("one"), Noisy("two")), polls);
                    note("given up");
                }
                run(moved_inside(Noisy("one"), Noisy("two")))
            },
        ),
    ]
}
