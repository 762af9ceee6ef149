//! Shapes that do not compile, or not without a lint, with a plain closure around the body.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;

use super::monitored;
use crate::see::{Seen, pause, run, see};

trait Lending {
    type Item<'a>
    where
        Self: 'a;

    fn lend(&mut self) -> Option<Self::Item<'_>>;
}

struct Windows(Vec<u32>, usize);

impl Lending for Windows {
    type Item<'a> = &'a mut [u32];

    fn lend(&mut self) -> Option<Self::Item<'_>> {
        let window = self.0.get_mut(self.1..self.1 + 2)?;
        self.1 += 1;
        Some(window)
    }
}

#[monitored(stage = "X-01")]
fn lends<L>(mut from: L) -> u32
where
    L: for<'a> Lending<Item<'a> = &'a mut [u32]>,
{
    let mut sum = 0;
    while let Some(window) = from.lend() {
        window[1] += window[0];
        sum += window[1];
    }
    sum
}

#[monitored(stage = "X-02")]
fn inner_attributes(n: u32) -> u32 {
    #![allow(unused_variables, reason = "an attribute inside the body")]
    let unused = n;
    n + 1
}

macro_rules! function {
    ($stage:literal, $name:ident, $out:ty, $body:block) => {
        #[monitored(stage = $stage)]
        fn $name() -> $out $body
    };
}

function!("X-03", block_by_a_fragment, u32, { 7 });

macro_rules! never {
    ($stage:literal, $name:ident, $out:ty) => {
        #[monitored(stage = $stage)]
        fn $name(n: u32) -> $out {
            panic!("{n}")
        }
    };
}

never!("X-04", never_by_a_fragment, !);

#[monitored(stage = "X-05")]
fn begins_with_a_name_of_the_expansion(n: u32) -> u32 {
    static __SITE: u32 = 1;
    n + __SITE
}

#[monitored(stage = "X-06")]
async fn gives_a_future(n: u32) -> impl Future<Output = u32> {
    pause().await;
    async move { n + 1 }
}

#[monitored(stage = "X-07")]
#[expect(clippy::needless_return, reason = "to be seen through the attribute")]
fn needless_return(n: u32) -> u32 {
    return n;
}

type Rows<'a> = &'a mut [u32];
type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type Parsed = Result<u32, Box<dyn Error + Send + Sync>>;

struct Node {
    next: Option<Box<Node>>,
    number: u32,
}

struct Lent<'a>(&'a mut Vec<u32>);

#[monitored(stage = "X-09")]
fn closure_typed_by_the_signature() -> impl Fn(&str) -> usize {
    |text| text.len()
}

#[monitored(stage = "X-10")]
fn closure_that_lends() -> impl Fn(&str) -> &str {
    |text| text.trim()
}

#[monitored(stage = "X-12")]
fn closure_that_boxes_a_future(more: u32) -> impl Fn(u32) -> Boxed<'static, u32> {
    move |n| {
        let sum = n + more;
        Box::pin(async move { sum })
    }
}

#[monitored(stage = "X-13")]
fn question_behind_an_alias(text: &str) -> Boxed<'_, Parsed> {
    Box::pin(async move {
        pause().await;
        let number: u32 = text.parse()?;
        Ok(number)
    })
}

#[monitored(stage = "X-14")]
fn cursor_behind_an_alias(mut rows: Rows<'_>) -> usize {
    let mut count = 0;
    while let [first, rest @ ..] = rows {
        *first += 1;
        count += 1;
        rows = rest;
    }
    count
}

impl Node {
    #[monitored(stage = "X-15")]
    #[allow(
        clippy::needless_arbitrary_self_type,
        reason = "a form of the receiver"
    )]
    fn last(mut self: &mut Self) -> &mut u32 {
        while let Some(ref mut next) = self.next {
            self = next;
        }
        &mut self.number
    }
}

#[monitored(stage = "X-16")]
async fn lent_out_of_a_struct(lent: Lent<'_>) -> &mut u32 {
    pause().await;
    &mut lent.0[0]
}

#[monitored(stage = "X-17")]
async fn lent_behind_an_alias(rows: Rows<'_>) -> Rows<'_> {
    pause().await;
    rows[0] += 1;
    rows
}

#[monitored(stage = "X-18")]
#[allow(
    clippy::redundant_allocation,
    clippy::boxed_local,
    reason = "what is in the box is lent"
)]
async fn lent_out_of_a_box(boxed: Box<&mut u32>) -> &mut u32 {
    pause().await;
    *boxed
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see("lends", "X-01 lends ok", || lends(Windows(vec![1, 2], 0))),
        see("inner_attributes", "X-02 inner_attributes ok", || {
            inner_attributes(1)
        }),
        see(
            "block_by_a_fragment",
            "X-03 block_by_a_fragment ok",
            block_by_a_fragment,
        ),
        see(
            "never_by_a_fragment",
            "X-04 never_by_a_fragment panic",
            || -> () { never_by_a_fragment(1) },
        ),
        see(
            "begins_with_a_name_of_the_expansion",
            "X-05 begins_with_a_name_of_the_expansion ok",
            || begins_with_a_name_of_the_expansion(1),
        ),
        see("gives_a_future", "X-06 gives_a_future ok", || {
            run(async { gives_a_future(6).await.await })
        }),
        see("needless_return", "X-07 needless_return ok", || {
            needless_return(1)
        }),
        see(
            "closure_typed_by_the_signature",
            "X-09 closure_typed_by_the_signature ok",
            || closure_typed_by_the_signature()("abc"),
        ),
        see("closure_that_lends", "X-10 closure_that_lends ok", || {
            closure_that_lends()(" a ").to_owned()
        }),
        see(
            "closure_that_boxes_a_future",
            "X-12 closure_that_boxes_a_future ok",
            || run(closure_that_boxes_a_future(1)(2)),
        ),
        see(
            "question_behind_an_alias",
            "X-13 question_behind_an_alias error",
            || run(question_behind_an_alias("x")).map_err(|error| error.to_string()),
        ),
        see(
            "cursor_behind_an_alias",
            "X-14 cursor_behind_an_alias ok",
            || cursor_behind_an_alias(&mut [1, 2]),
        ),
        see("last_node", "X-15 last ok", || {
            let next = Some(Box::new(Node {
                next: None,
                number: 2,
            }));
            *Node { next, number: 1 }.last()
        }),
        see(
            "lent_out_of_a_struct",
            "X-16 lent_out_of_a_struct ok",
            || *run(lent_out_of_a_struct(Lent(&mut vec![1]))),
        ),
        see(
            "lent_behind_an_alias",
            "X-17 lent_behind_an_alias ok",
            || run(lent_behind_an_alias(&mut [1])).to_vec(),
        ),
        see("lent_out_of_a_box", "X-18 lent_out_of_a_box ok", || {
            *run(lent_out_of_a_box(Box::new(&mut 7)))
        }),
    ]
}
