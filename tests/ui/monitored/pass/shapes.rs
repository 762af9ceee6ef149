//! Every shape of function, with its signature unchanged.

#![deny(warnings, missing_docs, unused_qualifications)]
#![forbid(unsafe_code)]

use std::error::Error;
use std::fmt::{self, Debug};
use std::path::Path;

use monitor_runtime::monitored;

/// A row.
#[derive(Clone, Debug, Default)]
pub struct Row(u32);

type Rows<T> = Result<Vec<T>, fmt::Error>;

/// Documented above the attribute.
#[monitored(stage = "NBA-17")]
/// And below it.
pub fn documented() {}

/// An alias of `Result`.
#[monitored(stage = "NBA-17", event = "LOADING", records = |rows| rows.len(), fields(season), level = "debug", alert = "critical")]
pub fn alias(season: &str) -> Rows<Row> {
    Ok(vec![Row(season.len() as u32)])
}

/// An error that is only boxed.
#[monitored(stage = "NBA-17", records = Vec::len)]
pub fn boxed(text: &str) -> Result<Vec<u32>, Box<dyn Error>> {
    Ok(vec![text.parse()?])
}

/// An error that is boxed with bounds, in a future.
#[monitored(stage = "NBA-17", records = |number: &u32| *number)]
pub async fn boxed_async(text: &str) -> Result<u32, Box<dyn Error + Send + Sync>> {
    let number = text.parse()?;
    Ok(number)
}

/// No value, sync and async.
#[monitored(stage = "NBA-17")]
pub async fn nothing() {}

/// An option.
#[monitored(stage = "NBA-17")]
pub fn option(text: &str) -> Option<u32> {
    let first = text.chars().next()?;
    first.to_digit(10)
}

/// It does not return.
#[monitored(stage = "NBA-17")]
pub fn never(code: i32) -> ! {
    std::process::exit(code)
}

/// It does not return, in a future.
#[monitored(stage = "NBA-17")]
pub async fn never_async() -> ! {
    loop {
        std::future::pending::<()>().await;
    }
}

/// Type and const parameters, bounds and a where clause.
#[monitored(stage = "NBA-17", records = |all| all.len(), fields(first = ?rows[0], N))]
pub fn generic<T, const N: usize>(rows: [T; N]) -> Vec<T>
where
    T: Clone + Debug,
{
    rows.to_vec()
}

/// The same in a future.
#[monitored(stage = "NBA-17")]
pub async fn generic_async<T: Default + Send>(given: Option<T>) -> Result<T, String> {
    given.ok_or_else(|| "nothing given".to_owned())
}

/// `impl Trait` in and out.
#[monitored(stage = "NBA-17", fields(path = %path.as_ref().display()))]
pub fn opaque(path: impl AsRef<Path>) -> impl Iterator<Item = char> {
    let text = path.as_ref().display().to_string();
    text.chars().collect::<Vec<_>>().into_iter()
}

/// `impl Trait` inside a `Result`, in a future.
#[monitored(stage = "NBA-17")]
pub async fn opaque_inside(
    rows: impl IntoIterator<Item = Row>,
) -> Result<impl Iterator<Item = u32>, fmt::Error> {
    let numbers: Vec<u32> = rows.into_iter().map(|row| row.0).collect();
    Ok(numbers.into_iter())
}

/// Lifetimes, named and not.
#[monitored(stage = "NBA-17", fields(separator))]
pub fn lifetimes<'a>(text: &'a str, separator: &str) -> Result<&'a str, fmt::Error> {
    text.split(separator).next().ok_or(fmt::Error)
}

/// A lifetime through a future.
#[monitored(stage = "NBA-17")]
pub async fn lifetimes_async<'a, 'b: 'a>(text: &'a str, other: &'b str) -> &'a str {
    if text.is_empty() { other } else { text }
}

/// Patterns and `mut` arguments.
#[monitored(stage = "NBA-17", fields(first, %second))]
pub fn patterns(
    (first, second): (u32, u32),
    Row(third): Row,
    mut total: u32,
    [a, ..]: [u32; 2],
    _: u8,
) -> u32 {
    total += first + second + third + a;
    total
}

/// `mut` arguments in a future.
#[monitored(stage = "NBA-17")]
pub async fn patterns_async(mut rows: Vec<Row>, &extra: &u32) -> Vec<Row> {
    rows.push(Row(extra));
    rows
}

/// Fields of each form.
#[monitored(stage = "NBA-17", fields(count, season = "2023-24", twice = count * 2, shifted = %(count << 1), is_odd = count % 2 == 1, ?row, %text, shown = ?row.0, r#type,))]
pub fn fields(count: usize, row: &Row, text: &str, r#type: u8) -> usize {
    count + row.0 as usize + text.len() + usize::from(r#type)
}

/// A name that is a keyword.
#[monitored(stage = "NBA-17")]
pub fn r#match(text: &str) -> bool {
    text.is_empty()
}

/// A function in a function, and recursion.
#[monitored(stage = "NBA-17")]
pub fn outer(depth: u32) -> u32 {
    #[monitored(stage = "NBA-18")]
    fn inner(depth: u32) -> u32 {
        if depth == 0 { 0 } else { outer(depth - 1) }
    }
    inner(depth)
}

/// Early returns, `?`, loops and closures with `return` of their own.
#[monitored(stage = "NBA-17")]
pub fn control_flow(text: &str) -> Result<u32, std::num::ParseIntError> {
    let double = |number: u32| {
        if number == 0 {
            return 1;
        }
        number * 2
    };
    for part in text.split(',') {
        if part.is_empty() {
            continue;
        }
        return part.parse().map(double);
    }
    let number: u32 = text.parse()?;
    Ok(number)
}

/// Conditions that bind, in a chain.
#[monitored(stage = "NBA-17")]
pub fn chain(row: Option<&str>) -> u32 {
    if let Some(text) = row
        && let Ok(number) = text.parse::<u32>()
    {
        number
    } else {
        0
    }
}

/// The ABI of C.
#[monitored(stage = "NBA-17")]
pub extern "C" fn foreign(number: u32) -> u32 {
    number
}

/// Only where it is asked for.
#[cfg_attr(all(), monitored(stage = "NBA-17"))]
#[inline]
pub fn conditional() -> u32 {
    7
}

/// Where the runtime is re-exported.
pub mod exported {
    pub use monitor_runtime as runtime;
}

/// With a path.
#[monitored(stage = "NBA-17", crate = exported::runtime, records = |n| *n)]
pub fn with_a_path() -> u32 {
    7
}

macro_rules! stage {
    ($name:ident, $stage:literal, $count:expr) => {
        /// Made by a macro.
        #[monitored(stage = $stage, records = $count)]
        pub fn $name() -> u32 {
            7
        }
    };
}

stage!(from_a_macro, "NBA-19", |n: &u32| *n);

fn assert_send<T: Send>(_: &T) {}

#[test]
fn every_shape_is_called_as_before() {
    documented();
    assert!(alias("24").is_ok());
    assert!(boxed("x").is_err());
    assert_send(&boxed_async("7"));
    assert_send(&nothing());
    assert_eq!(option("7"), Some(7));
    let _: fn(i32) -> ! = never;
    assert_send(&never_async());
    assert_eq!(generic([1, 2]), [1, 2]);
    assert_send(&generic_async(Some(7)));
    assert_eq!(opaque("ab").count(), 2);
    drop(opaque_inside([Row(1)]));
    assert_eq!(lifetimes("a b", " "), Ok("a"));
    assert_send(&lifetimes_async("a", "b"));
    assert_eq!(patterns((1, 2), Row(3), 4, [5, 6], 7), 15);
    assert_send(&patterns_async(Vec::new(), &1));
    assert_eq!(fields(1, &Row(2), "abc", 4), 10);
    assert!(r#match(""));
    assert_eq!(outer(2), 0);
    assert_eq!(control_flow("7"), Ok(14));
    assert_eq!(chain(Some("7")), 7);
    assert_eq!(foreign(conditional()), with_a_path());
    assert_eq!(from_a_macro(), 7);
}
