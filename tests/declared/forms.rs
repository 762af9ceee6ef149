//! Functions of all forms, none of which is ever called. Each has a stage of its own.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use async_trait::async_trait;
use monitor_runtime::{monitored, retry};

type Boxed<'a> = Pin<Box<dyn Future<Output = Result<u8, String>> + Send + 'a>>;

#[monitored(stage = "F-01")]
pub fn nothing() {}

#[monitored(stage = "F-02")]
pub fn result(text: &str) -> Result<u8, std::num::ParseIntError> {
    text.parse()
}

#[monitored(stage = "F-03", level = "off")]
pub fn without_lines() -> u8 {
    3
}

#[monitored(
    stage = "F-04",
    event = "COUNTED",
    records = |rows| rows.len(),
    fields(limit),
    alert = "critical",
    max_duration = "2m",
    stale_after = "26h"
)]
pub fn many_keys(limit: usize) -> Vec<u8> {
    vec![0; limit]
}

#[monitored(stage = "F-05")]
pub fn generic<T: Debug>(value: T) -> String {
    format!("{value:?}")
}

#[monitored(stage = "F-06")]
pub fn const_generic<const N: usize>(value: [u8; N]) -> Result<usize, String> {
    value.is_empty().then_some(N).ok_or_else(String::new)
}

#[monitored(stage = "F-07")]
pub fn lifetimes<'a>(first: &'a str, _: &str) -> &'a str {
    first
}

#[monitored(stage = "F-08")]
pub fn opaque() -> impl Iterator<Item = u8> {
    [1, 2].into_iter()
}

#[monitored(stage = "F-09")]
pub fn diverges() -> ! {
    panic!("never called")
}

#[monitored(stage = "F-10")]
pub extern "C" fn foreign() -> u8 {
    10
}

#[monitored(stage = "F-11")]
fn outer() -> u8 {
    #[monitored(stage = "F-12")]
    fn inner() -> u8 {
        12
    }

    inner()
}

#[monitored(stage = "F-13")]
pub async fn waits() -> Result<u8, String> {
    std::future::ready(Ok(13)).await
}

#[monitored(stage = "F-14")]
pub async fn waits_for<T: Future + Send>(future: T) -> T::Output {
    future.await
}

#[monitored(stage = "F-15")]
pub fn returns_a_future() -> impl Future<Output = Result<u8, String>> {
    std::future::ready(Ok(15))
}

#[monitored(stage = "F-16")]
pub fn returns_a_block(text: &str) -> impl Future<Output = usize> + '_ {
    async move { text.len() }
}

#[monitored(stage = "F-17")]
pub fn returns_a_box(text: &str) -> Boxed<'_> {
    Box::pin(async move { text.parse().map_err(|_| text.to_owned()) })
}

#[monitored(stage = "F-18")]
#[retry(max = 2, delay = 1)]
pub fn retried() -> Result<u8, String> {
    Ok(18)
}

#[retry(max = 2, delay = 1)]
#[monitored(stage = "F-19")]
pub fn attempts() -> Result<u8, String> {
    Ok(19)
}

#[retry(max = 2, delay = 1)]
#[monitored(stage = "F-20")]
pub async fn attempts_that_wait(text: &str) -> Result<u8, String> {
    std::future::ready(text.parse().map_err(|_| text.to_owned())).await
}

pub struct Pipeline<T>(pub T);

impl<T: Clone> Pipeline<T> {
    #[monitored(stage = "F-21")]
    pub fn method(&self) -> T {
        self.0.clone()
    }

    #[monitored(stage = "F-22")]
    pub fn without_self() -> u8 {
        22
    }
}

#[monitored(stage = "F-23")]
impl Pipeline<u8> {
    pub fn in_a_block(&mut self) {
        self.0 += 1;
    }
}

pub trait Step {
    #[monitored(stage = "F-24")]
    fn by_default(&self) -> u8 {
        24
    }

    fn required(&self) -> u8;
}

impl<T> Step for Pipeline<T> {
    #[monitored(stage = "F-25")]
    fn required(&self) -> u8 {
        25
    }
}

#[async_trait]
pub trait AsyncStep {
    #[monitored(stage = "F-26")]
    async fn boxed_by_default(&self) -> u8 {
        26
    }

    async fn boxed(&self) -> u8;
}

#[async_trait]
impl<T: Sync> AsyncStep for Pipeline<T> {
    #[monitored(stage = "F-27")]
    async fn boxed(&self) -> u8 {
        27
    }
}

macro_rules! written_by_a_macro {
    ($($item:item)*) => { $($item)* };
}

written_by_a_macro! {
    #[monitored(stage = "F-28")]
    pub fn in_a_macro() -> u8 {
        28
    }
}

const _: () = {
    #[monitored(stage = "F-29")]
    #[allow(dead_code)]
    fn in_a_constant() -> u8 {
        29
    }
};

#[monitored(stage = "F-30")]
#[inline(always)]
pub fn inlined() -> u8 {
    outer()
}
