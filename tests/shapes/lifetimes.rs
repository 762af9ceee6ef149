//! What functions borrow, and what holds on to it.

use std::fmt::{Debug, Display};

use super::monitored;
use crate::see::{Noisy, Seen, see};

#[monitored(stage = "G-03")]
fn higher_ranked<F>(pick: F, text: &str) -> usize
where
    F: for<'a> Fn(&'a str) -> &'a str,
{
    let owned = format!(" {text}");
    pick(&owned).len()
}

#[monitored(stage = "G-04", fields(separator))]
fn named_lifetime<'a>(text: &'a str, separator: &str) -> Option<&'a str> {
    text.split(separator).next()
}

#[monitored(stage = "G-05")]
fn bounded_lifetimes<'short, 'long: 'short>(a: &'short str, b: &'long str) -> &'short str {
    if a.is_empty() { b } else { a }
}

#[monitored(stage = "G-06")]
fn static_lifetime<T: Debug + 'static>(value: T) -> Box<dyn Debug + 'static> {
    Box::new(value)
}

#[monitored(stage = "G-07")]
fn elided_in_a_type(rows: &[Noisy]) -> std::slice::Iter<'_, Noisy> {
    rows.iter()
}

#[monitored(stage = "G-08")]
fn captures_all<'a>(rows: &'a [u32], by: &'a u32) -> impl Iterator<Item = u32> + use<'a> {
    rows.iter().map(move |row| row + by)
}

#[monitored(stage = "G-09")]
fn captures_nothing<T: Display>(value: &T) -> impl Fn() -> String + use<T> {
    let text = value.to_string();
    move || text.clone()
}

#[monitored(stage = "G-10")]
fn boxed_with_lifetime<'a>(
    rows: &'a [u32],
    keep: &'a dyn Fn(u32) -> bool,
) -> Box<dyn Iterator<Item = &'a u32> + 'a> {
    Box::new(rows.iter().filter(|&&row| keep(row)))
}

trait Lending {
    type Item<'a>
    where
        Self: 'a;

    fn lend(&mut self) -> Option<Self::Item<'_>>;
}

struct Windows {
    rows: Vec<u32>,
    at: usize,
}

impl Lending for Windows {
    type Item<'a> = &'a mut [u32];

    #[monitored(stage = "G-11")]
    fn lend(&mut self) -> Option<Self::Item<'_>> {
        let window = self.rows.get_mut(self.at..self.at + 2)?;
        self.at += 1;
        Some(window)
    }
}

#[derive(Debug, PartialEq)]
struct Cursor<'t, T> {
    left: &'t [T],
}

impl<'t, T: PartialEq> Cursor<'t, T> {
    #[monitored(stage = "G-19")]
    fn new(all: &'t [T]) -> Self {
        Self { left: all }
    }

    #[monitored(stage = "G-20")]
    fn take(&mut self, count: usize) -> Result<&'t [T], Self> {
        let left = self.left;
        let (taken, left) = left.split_at_checked(count).ok_or(Self { left })?;
        self.left = left;
        Ok(taken)
    }

    #[monitored(stage = "G-21")]
    fn starts_with<'o>(&self, other: &'o Cursor<'t, T>) -> Option<&'o Cursor<'t, T>> {
        self.left.starts_with(other.left).then_some(other)
    }
}

trait Listed {
    #[monitored(stage = "G-12")]
    fn list(&self) -> impl Iterator<Item: Debug> + '_
    where
        Self: Debug,
    {
        [self].into_iter()
    }

    fn reversed(self) -> impl DoubleEndedIterator<Item = Self::Row>
    where
        Self: Sized;

    type Row;
}

impl Listed for Vec<u32> {
    #[monitored(stage = "G-24")]
    fn reversed(self) -> impl DoubleEndedIterator<Item = u32> {
        self.into_iter().rev()
    }

    type Row = u32;
}

#[monitored(stage = "G-29")]
fn nested_opaque<'a>(rows: &'a [&'a str]) -> Option<impl Iterator<Item = impl Display + 'a>> {
    let first = rows.first()?;
    if first.is_empty() {
        return None;
    }
    Some(rows.iter().map(|row| row.trim()))
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see("higher_ranked", "G-03 higher_ranked ok", || {
            higher_ranked(str::trim, "abc")
        }),
        see(
            "named_lifetime",
            "G-04 named_lifetime ok separator=\" \"",
            || named_lifetime("a b", &String::from(" ")),
        ),
        see("bounded_lifetimes", "G-05 bounded_lifetimes ok", || {
            let text = String::new();
            bounded_lifetimes(&text, "long").to_owned()
        }),
        see("static_lifetime", "G-06 static_lifetime ok", || {
            static_lifetime(7)
        }),
        see("elided_in_a_type", "G-07 elided_in_a_type ok", || {
            elided_in_a_type(&[Noisy("a"), Noisy("b")]).len()
        }),
        see("captures_all", "G-08 captures_all ok", || {
            captures_all(&[1, 2], &3).collect::<Vec<_>>()
        }),
        see("captures_nothing", "G-09 captures_nothing ok", || {
            let text = captures_nothing(&String::from("a"));
            text()
        }),
        see("boxed_with_lifetime", "G-10 boxed_with_lifetime ok", || {
            boxed_with_lifetime(&[1, 2], &|row| row > 1).count()
        }),
        see("lend_a_window", "G-11 lend ok; G-11 lend ok", || {
            let mut windows = Windows {
                rows: vec![1, 2],
                at: 0,
            };
            if let Some(window) = windows.lend() {
                window[1] += window[0];
            }
            (windows.lend().is_none(), windows.rows)
        }),
        see(
            "cursor",
            "G-19 new ok; G-20 take ok; G-20 take error",
            || {
                let rows = [1, 2, 3];
                let mut cursor = Cursor::new(&rows);
                format!("{:?}{:?}", cursor.take(2), cursor.take(2))
            },
        ),
        see("starts_with", "G-21 starts_with ok", || {
            let (one, two) = (Cursor { left: &[1] }, Cursor { left: &[1, 2] });
            two.starts_with(&one).is_some()
        }),
        see("list", "G-12 list ok", || vec![1_u32].list().count()),
        see("reversed", "G-24 reversed ok", || {
            vec![1, 2].reversed().rev().collect::<Vec<_>>()
        }),
        see(
            "nested_opaque",
            "G-29 nested_opaque ok; G-29 nested_opaque ok",
            || {
                let text = nested_opaque(&[" a ", "b"])
                    .map(|rows| rows.map(|row| row.to_string()).collect::<String>());
                (text, nested_opaque(&[""]).is_none())
            },
        ),
    ]
}
