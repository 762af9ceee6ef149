//! Every shape of function that can be retried, alone and with `#[monitored]` on
//! either side.

#![deny(warnings, missing_docs, unused_qualifications)]
#![forbid(unsafe_code)]

use std::error::Error;
use std::fmt;

use monitor_runtime::retry as again;
use monitor_runtime::{monitored, retry};

type Alias<T> = Result<T, fmt::Error>;

/// Each key, and none.
#[retry]
pub fn bare() -> Result<u8, String> {
    Ok(7)
}

/// Seconds.
#[retry(max = 5, delay = 0.5)]
pub fn seconds() -> Alias<u8> {
    Ok(7)
}

/// Text.
#[retry(max = 1_000, delay = "500ms", max_delay = "1s", allow_long_wait)]
pub async fn text() -> Alias<u8> {
    Ok(7)
}

/// Monitored above: one record per call.
#[monitored(stage = "NBA-17", records = |rows| rows.len(), fields(season))]
#[retry(max = 3, delay = 2)]
pub fn monitored_above(season: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(season.as_bytes().to_vec())
}

/// Monitored below: one record per attempt.
#[retry(max = 3, delay = 2)]
#[monitored(stage = "NBA-17", records = |rows| rows.len(), fields(season))]
pub fn monitored_below(season: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(season.as_bytes().to_vec())
}

/// The same in futures.
#[monitored(stage = "NBA-17", records = |rows| rows.len(), fields(season))]
#[retry(max = 3, delay = 2)]
pub async fn monitored_above_async(season: &str) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    Ok(season.as_bytes().to_vec())
}

/// The same in futures.
#[retry(max = 3, delay = 2)]
#[monitored(stage = "NBA-17", records = |rows| rows.len(), fields(season))]
pub async fn monitored_below_async(season: &str) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    Ok(season.as_bytes().to_vec())
}

/// Under another name, and only where it is asked for.
#[cfg_attr(all(), again(max = 2))]
#[cfg_attr(all(), monitored(stage = "NBA-17"))]
pub fn renamed() -> Alias<u8> {
    Ok(7)
}

/// What is consumed is cloned, what is borrowed is not.
#[retry(max = 2)]
pub fn consumed(names: Vec<String>, borrowed: &NotClone) -> Alias<usize> {
    let text: String = names.into_iter().collect();
    Ok(text.len() + usize::from(borrowed.0))
}

/// An owned argument that the body only borrows need not be `Clone`.
#[retry(max = 2)]
pub fn only_borrowed(client: NotClone) -> Alias<u8> {
    Ok(client.0)
}

/// The same in a future.
#[retry(max = 2)]
pub async fn consumed_async(names: Vec<String>, client: NotClone) -> Alias<usize> {
    let text: String = names.into_iter().collect();
    Ok(text.len() + usize::from(client.0))
}

/// What cannot be cloned.
#[derive(Debug)]
pub struct NotClone(u8);

/// `mut` arguments and patterns.
#[retry(max = 2)]
pub fn patterns(mut total: u32, (mut first, second): (u32, u32), [a, ..]: [u32; 2]) -> Alias<u32> {
    first += second;
    total += first + a;
    Ok(total)
}

/// Generics, lifetimes, `impl Trait` in and out.
#[retry(max = 2)]
pub fn generic<'a, T: Clone, const N: usize>(
    rows: [T; N],
    name: &'a str,
    extra: impl IntoIterator<Item = T> + Clone,
) -> Result<(Vec<T>, &'a str), fmt::Error> {
    let mut all = rows.to_vec();
    all.extend(extra);
    Ok((all, name))
}

/// `impl Trait` inside a `Result`.
#[retry(max = 2)]
pub fn opaque(count: u8) -> Result<impl Iterator<Item = u8>, fmt::Error> {
    Ok(0..count)
}

/// The same in a future.
#[monitored(stage = "NBA-17")]
#[retry(max = 2)]
pub async fn opaque_async(count: u8) -> Result<impl Iterator<Item = u8>, fmt::Error> {
    Ok(0..count)
}

/// A mutable borrow.
#[retry(max = 2)]
pub fn mutable(rows: &mut Vec<u8>, mut extra: u8) -> Alias<usize> {
    extra += 1;
    rows.push(extra);
    Ok(rows.len())
}

/// A mutable borrow in a future.
#[retry(max = 2)]
pub async fn mutable_async(rows: &mut Vec<u8>) -> Alias<usize> {
    rows.push(1);
    Ok(rows.len())
}

/// A function in a function.
#[retry(max = 2)]
pub fn outer() -> Alias<u8> {
    #[retry(max = 2)]
    fn inner() -> Alias<u8> {
        Ok(7)
    }
    inner()
}

/// A client.
#[derive(Clone, Debug, Default)]
pub struct Client {
    calls: u32,
}

impl Client {
    /// By reference.
    #[retry(max = 2)]
    pub fn by_reference(&self) -> Alias<u32> {
        Ok(self.calls)
    }

    /// By mutable reference.
    #[monitored(stage = "NBA-17", fields(page))]
    #[retry(max = 2)]
    pub fn by_mutable_reference(&mut self, page: u32) -> Alias<u32> {
        self.calls += page;
        Ok(self.calls)
    }

    /// By mutable reference, in a future.
    #[retry(max = 2)]
    #[monitored(stage = "NBA-17", fields(page))]
    pub async fn call(&mut self, page: u32) -> Alias<u32> {
        self.calls += page;
        Ok(self.calls)
    }

    /// By value.
    #[retry(max = 2)]
    pub fn by_value(self) -> Alias<Self> {
        Ok(self)
    }
}

/// Where the runtime is re-exported.
pub mod exported {
    pub use monitor_runtime as runtime;
}

/// With a path.
#[monitored(stage = "NBA-17", crate = exported::runtime)]
#[retry(max = 2, crate = exported::runtime)]
pub async fn with_a_path() -> Alias<u8> {
    Ok(7)
}

fn assert_send<T: Send>(_: &T) {}

#[test]
fn every_shape_is_called_as_before() {
    assert_eq!(bare(), Ok(7));
    assert_eq!(seconds(), Ok(7));
    assert_send(&text());
    assert!(monitored_above("24").is_ok() && monitored_below("24").is_ok());
    assert_send(&monitored_above_async("24"));
    assert_send(&monitored_below_async("24"));
    assert_eq!(renamed(), Ok(7));
    assert_eq!(consumed(vec![String::new()], &NotClone(1)), Ok(1));
    assert_eq!(only_borrowed(NotClone(1)), Ok(1));
    assert_send(&consumed_async(Vec::new(), NotClone(1)));
    assert_eq!(patterns(1, (2, 3), [4, 5]), Ok(10));
    assert_eq!(generic([1], "a", [2]), Ok((vec![1, 2], "a")));
    assert_eq!(opaque(2).map(Iterator::count), Ok(2));
    assert_send(&opaque_async(2));
    let mut rows = Vec::new();
    assert_eq!(mutable(&mut rows, 1), Ok(1));
    assert_send(&mutable_async(&mut rows));
    assert_eq!(outer(), Ok(7));
    let mut client = Client::default();
    assert_eq!(client.by_mutable_reference(1), Ok(1));
    assert_eq!(client.by_reference(), Ok(1));
    assert_send(&client.call(1));
    assert!(client.by_value().is_ok());
    assert_send(&with_a_path());
}
