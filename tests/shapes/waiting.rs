//! What is dropped when, while futures wait and when nobody waits for them any more.

#![allow(
    clippy::needless_pass_by_value,
    clippy::unused_async,
    reason = "when arguments are dropped is the point, even where nothing is awaited"
)]

use std::future;

use futures_lite::future::{or, zip};

use super::monitored;
use crate::see::{Noisy, Seen, give_up, note, pause, run, see, sent};

#[monitored(stage = "S-02")]
async fn borrowed_across(first: Noisy, second: Noisy) -> usize {
    let local = Noisy("local");
    pause().await;
    note("awake");
    first.0.len() + second.0.len() + local.0.len()
}

#[monitored(stage = "S-03")]
async fn moved_before(first: Noisy, _second: Noisy) {
    drop(first);
    pause().await;
    note("awake");
}

#[monitored(stage = "S-04")]
async fn moved_after(first: Noisy, _second: Noisy) -> Noisy {
    pause().await;
    note("awake");
    first
}

#[monitored(stage = "S-05")]
async fn unused(_first: Noisy, _: Noisy, _third: Noisy) {
    note("body");
}

#[monitored(stage = "S-06")]
async fn waits_for_ever(first: Noisy, second: Noisy) -> usize {
    let local = Noisy("local");
    future::pending::<()>().await;
    first.0.len() + second.0.len() + local.0.len()
}

#[monitored(stage = "S-07")]
async fn panics_later(first: Noisy, _second: Noisy) -> u32 {
    pause().await;
    panic!("{} fell", first.0);
}

#[monitored(stage = "S-08")]
async fn panics_at_once(_first: Noisy) -> Result<(), String> {
    panic!("at once")
}

#[monitored(stage = "S-12")]
async fn never() -> ! {
    let _local = Noisy("local");
    loop {
        pause().await;
    }
}

#[monitored(stage = "S-13")]
async fn outer(first: Noisy) -> usize {
    let (a, b) = zip(inner(first, 1), inner(Noisy("made"), 2)).await;
    a + b
}

#[monitored(stage = "S-14")]
async fn inner(name: Noisy, rounds: usize) -> usize {
    for _ in 0..rounds {
        pause().await;
    }
    name.0.len()
}

#[monitored(stage = "S-15")]
async fn raced(name: Noisy) -> &'static str {
    or(
        async {
            loses(Noisy("loser")).await;
            "lost"
        },
        async {
            pause().await;
            name.0
        },
    )
    .await
}

#[monitored(stage = "S-16")]
async fn loses(_name: Noisy) {
    future::pending::<()>().await;
}

#[monitored(stage = "S-27")]
async fn temporary_at_the_end(first: Noisy) -> usize {
    let _local = Noisy("local");
    pause().await;
    first.0.len() + Noisy("temporary").0.len()
}

#[monitored(stage = "S-28")]
async fn question(_first: Noisy, text: &str) -> Result<u32, Noisy> {
    let _local = Noisy("local");
    pause().await;
    let number = text.parse::<u32>().map_err(|_| Noisy("error"))?;
    note("parsed");
    Ok(number)
}

#[monitored(stage = "S-29")]
async fn nameless(_: Noisy, (first, _): (Noisy, Noisy), _last: Noisy) -> usize {
    pause().await;
    note("awake");
    first.0.len()
}

#[monitored(stage = "S-31")]
async fn replaced(mut first: Noisy, _second: Noisy) {
    pause().await;
    first.0 = "renamed";
    pause().await;
    first = Noisy(if first.0.is_empty() { "" } else { "replaced" });
    note(first.0);
}

#[monitored(stage = "S-32")]
async fn moved_into_a_block(first: Noisy, _second: Noisy) -> usize {
    let block = async move {
        pause().await;
        first.0.len()
    };
    note("body");
    block.await
}

pub(crate) fn shapes() -> Vec<Seen> {
    let (one, two, three) = (|| Noisy("one"), || Noisy("two"), || Noisy("three"));
    vec![
        see("borrowed_across", "S-02 borrowed_across ok", || {
            run(borrowed_across(one(), two()))
        }),
        see("moved_before", "S-03 moved_before ok", || {
            run(moved_before(one(), two()));
        }),
        see("moved_after", "S-04 moved_after ok", || {
            run(moved_after(one(), two()))
        }),
        see("unused_async", "S-05 unused ok", || {
            run(unused(one(), two(), three()));
        }),
        see("waits_for_ever", "S-06 waits_for_ever cancelled", || {
            give_up(waits_for_ever(one(), two()), 1)
        }),
        see("never_polled", "", || {
            give_up(waits_for_ever(one(), two()), 0)
        }),
        see("panics_later", "S-07 panics_later panic", || {
            run(panics_later(one(), two()))
        }),
        see("panics_at_once", "S-08 panics_at_once panic", || {
            run(panics_at_once(one()))
        }),
        see("never_async", "S-12 never cancelled", || {
            give_up(sent(never()), 3)
        }),
        see(
            "outer",
            "S-14 inner ok; S-14 inner ok; S-13 outer ok",
            || run(outer(one())),
        ),
        see("raced", "S-16 loses cancelled; S-15 raced ok", || {
            run(raced(one()))
        }),
        see(
            "temporary_at_the_end_async",
            "S-27 temporary_at_the_end ok",
            || run(temporary_at_the_end(one())),
        ),
        see(
            "question_async",
            "S-28 question cancelled; S-28 question ok; S-28 question error",
            || {
                give_up(question(one(), "7"), 1);
                ["7", "x"].map(|text| run(question(one(), text)))
            },
        ),
        see(
            "nameless_async",
            "S-29 nameless cancelled; S-29 nameless ok",
            || {
                give_up(nameless(one(), (two(), three()), Noisy("four")), 1);
                run(nameless(one(), (two(), three()), Noisy("four")))
            },
        ),
        see(
            "replaced_async",
            "S-31 replaced cancelled; S-31 replaced ok",
            || {
                give_up(replaced(one(), two()), 2);
                run(replaced(one(), two()));
            },
        ),
        see(
            "moved_into_a_block",
            "S-32 moved_into_a_block cancelled; S-32 moved_into_a_block ok",
            || {
                give_up(moved_into_a_block(one(), two()), 1);
                run(moved_into_a_block(one(), two()))
            },
        ),
    ]
}
