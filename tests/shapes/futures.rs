//! Functions that return a future without being async themselves.

#![allow(
    clippy::manual_async_fn,
    clippy::needless_pass_by_value,
    reason = "the written form of the function is the point"
)]

use std::future::{self, Future, Ready};
use std::pin::Pin;

use super::monitored;
use crate::see::{Seen, pause, run, see, sent};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type Parsed<T = u32> = Result<T, std::num::ParseIntError>;

#[monitored(stage = "F-01", records = |rows| rows.len(), fields(text))]
fn tail(text: &str) -> impl Future<Output = Parsed<Vec<u32>>> + use<'_> {
    async move {
        let mut rows = Vec::new();
        for part in text.split(',') {
            pause().await;
            rows.push(part.parse()?);
        }
        Ok(rows)
    }
}

#[monitored(stage = "F-02")]
fn statements_before(text: &str) -> impl Future<Output = Parsed> + Send + use<> {
    let owned = text.trim().to_owned();
    async move {
        pause().await;
        owned.parse()
    }
}

#[monitored(stage = "F-03")]
fn boxed(text: String) -> Pin<Box<dyn Future<Output = Parsed> + Send>> {
    Box::pin(async move {
        pause().await;
        if text.is_empty() {
            return Ok(0);
        }
        let number: u32 = text.parse()?;
        Ok(number)
    })
}

#[monitored(stage = "F-04")]
fn boxed_with_lifetime(text: &str) -> Pin<Box<dyn Future<Output = usize> + Send + '_>> {
    let length = text.len();
    Box::pin(async move {
        pause().await;
        text.trim().len() + length
    })
}

#[monitored(stage = "F-05")]
fn behind_an_alias(rows: &mut Vec<u32>, row: u32) -> Boxed<'_, usize> {
    Box::pin(async move {
        rows.push(row);
        pause().await;
        rows.len()
    })
}

#[monitored(stage = "F-06")]
fn recursive(depth: u32) -> Boxed<'static, u32> {
    Box::pin(async move {
        if depth == 0 {
            return 0;
        }
        recursive(depth - 1).await + 1
    })
}

#[monitored(stage = "F-07")]
fn generic<T: Clone + Send + 'static, F>(
    rows: &[T],
    each: F,
) -> impl Future<Output = Vec<T>> + use<T, F>
where
    F: Fn(T) -> T + Send,
{
    let rows = rows.to_vec();
    async move {
        pause().await;
        rows.into_iter().map(each).collect()
    }
}

#[monitored(stage = "F-09")]
fn mutable(mut rows: Vec<u32>, mut more: &mut [u32]) -> impl Future<Output = Vec<u32>> + use<'_> {
    rows.push(1);
    more = &mut more[1..];
    async move {
        pause().await;
        more[0] += 1;
        rows.extend_from_slice(more);
        rows
    }
}

#[monitored(stage = "F-12")]
fn nested(name: &'static str) -> impl Future<Output = Parsed> + Send {
    async move {
        let text = name.to_owned();
        sent(boxed(text)).await
    }
}

#[monitored(stage = "F-20")]
fn named_type(n: u32) -> Ready<u32> {
    future::ready(n + 1)
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see(
            "tail",
            "F-01 tail ok records=2 text=\"1,2\"; F-01 tail error text=\"x\"",
            || (run(tail("1,2")), run(tail("x"))),
        ),
        see("statements_before", "F-02 statements_before ok", || {
            run(sent(statements_before(" 7 ")))
        }),
        see(
            "boxed",
            "F-03 boxed ok; F-03 boxed error; F-03 boxed ok",
            || ["7", "x", ""].map(|text| run(boxed(text.to_owned()))),
        ),
        see(
            "boxed_with_lifetime_async",
            "F-04 boxed_with_lifetime ok",
            || run(boxed_with_lifetime(" a ")),
        ),
        see("behind_an_alias", "F-05 behind_an_alias ok", || {
            let mut rows = vec![1];
            (run(behind_an_alias(&mut rows, 2)), rows)
        }),
        see(
            "recursive_boxed",
            "F-06 recursive ok; F-06 recursive ok; F-06 recursive ok",
            || run(recursive(2)),
        ),
        see("generic_future", "F-07 generic ok", || {
            run(sent(generic(&[1, 2], |row| row + 1)))
        }),
        see("mutable_future", "F-09 mutable ok", || {
            let mut more = [1, 2];
            (run(mutable(vec![0], &mut more)), more)
        }),
        see("nested_future", "F-03 boxed ok; F-12 nested ok", || {
            run(sent(nested("7")))
        }),
        see("named_type", "F-20 named_type ok", || run(named_type(6))),
    ]
}
