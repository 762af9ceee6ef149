//! What functions take.

#![allow(
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    clippy::too_many_arguments,
    reason = "the shapes are about how arguments are passed"
)]

use std::collections::HashMap;
use std::fmt::{Debug, Display};

use super::monitored;
use crate::see::{Seen, see};

#[monitored(stage = "A-07")]
fn mutable(mut rows: Vec<u32>, mut text: String) -> (Vec<u32>, String) {
    rows.push(7);
    text.push('!');
    (rows, text)
}

#[monitored(stage = "A-11")]
fn with_attributes(
    #[allow(unused_variables, reason = "to be seen on an argument")] unused: u8,
    #[cfg(any())] absent: NoSuchType,
    #[cfg(test)] present: u8,
) -> u8 {
    present
}

#[monitored(stage = "A-12", fields(text = %text))]
fn anything(text: impl Display, more: impl IntoIterator<Item = u32> + Clone) -> String {
    let sum: u32 = more.clone().into_iter().sum();
    format!("{text}{sum}{}", more.into_iter().count())
}

#[monitored(stage = "A-13")]
fn closures(
    once: impl FnOnce(u32) -> String,
    mut changing: impl FnMut(u32),
    by_reference: &dyn Fn() -> u32,
    boxed: Box<dyn FnOnce() -> u32>,
) -> String {
    changing(by_reference());
    changing(boxed());
    once(by_reference())
}

#[monitored(stage = "A-14")]
fn function_pointers(parse: fn(&str) -> Option<u32>, text: &str) -> Option<u32> {
    let number = parse(text)?;
    Some(number + 1)
}

#[monitored(stage = "A-15", records = |rows| rows.len())]
fn mutable_reference<'a>(rows: &'a mut Vec<u32>, more: &mut u32) -> &'a mut [u32] {
    rows.push(*more);
    *more += 1;
    &mut rows[..]
}

#[monitored(stage = "A-16")]
fn many(
    tiny: u8,
    small: u16,
    normal: u32,
    large: u64,
    signed: i8,
    letter: char,
    truth: bool,
    ratio: f64,
) -> String {
    format!("{tiny}{small}{normal}{large}{signed}{letter}{truth}{ratio}")
}

#[monitored(stage = "A-17", fields(r#type, r#in))]
fn r#try(r#type: u8, r#in: &str) -> String {
    format!("{}{}", r#type + 1, r#in)
}

#[monitored(stage = "A-18", fields(site, call, value))]
fn everyday_names(site: u8, call: u8, value: u8, out: u8, records: u8, body: u8) -> Vec<u8> {
    vec![site, call, value, out, records, body]
}

/// Names of the prelude with another meaning.
mod hidden {
    use super::super::monitored;

    pub(crate) enum Result {
        Ok,
        Err,
    }

    pub(crate) struct Box;

    struct Vec(u32);

    mod core {
        pub(super) fn two() -> u32 {
            2
        }
    }

    #[monitored(stage = "A-19", records = |n| *n, fields(n, none = ?None))]
    pub(crate) fn prelude(n: u32, Box: Box, result: Result) -> u32 {
        #[derive(Debug)]
        struct Some(u32);
        let Some(n) = Some(n + core::two());
        match result {
            Result::Ok => Vec(n).0,
            Result::Err => {
                let None = None;
                0
            }
        }
    }

    #[derive(Debug)]
    struct None;

    #[monitored(stage = "A-20")]
    pub(crate) fn macros(n: u32) -> u32 {
        macro_rules! panic {
            ($value:expr) => {
                $value + 1
            };
        }
        panic!(n)
    }
}

#[monitored(stage = "A-22")]
fn qualified_types(
    map: &HashMap<&str, <Vec<u32> as IntoIterator>::Item>,
    key: &(impl AsRef<str> + Debug + ?Sized),
) -> Option<u32> {
    map.get(key.as_ref()).copied()
}

#[monitored(stage = "A-23")]
fn same_name_shadowed(row: u32) -> u32 {
    let row = row + 1;
    let row = { row * 2 };
    row + 1
}

#[monitored(stage = "A-25")]
fn array_of_references<const N: usize>(mut rows: [&mut u32; N]) -> usize {
    if let Some(first) = rows.first_mut() {
        **first += 1;
    }
    rows.len()
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see("mutable", "A-07 mutable ok", || {
            mutable(vec![1], "a".to_owned())
        }),
        see("with_attributes", "A-11 with_attributes ok", || {
            with_attributes(1, 2)
        }),
        see("anything", "A-12 anything ok text=\"a\"", || {
            anything('a', [1, 2])
        }),
        see("closures", "A-13 closures ok", || {
            let mut changed = Vec::new();
            let text = closures(
                |n| n.to_string(),
                |n| changed.push(n),
                &|| 7,
                Box::new(|| 8),
            );
            (text, changed)
        }),
        see(
            "function_pointers",
            "A-14 function_pointers ok; A-14 function_pointers ok",
            || {
                let parse = |text: &str| text.parse().ok();
                (function_pointers(parse, "7"), function_pointers(parse, "x"))
            },
        ),
        see(
            "mutable_reference",
            "A-15 mutable_reference ok records=2",
            || {
                let (mut rows, mut more) = (vec![1], 5);
                mutable_reference(&mut rows, &mut more)[0] = 9;
                (rows, more)
            },
        ),
        see("many", "A-16 many ok", || {
            many(1, 2, 3, 4, 5, '7', true, 0.5)
        }),
        see("try", "A-17 try ok in=\"a\" type=1", || r#try(1, "a")),
        see(
            "everyday_names",
            "A-18 everyday_names ok call=2 site=1 value=3",
            || everyday_names(1, 2, 3, 4, 5, 6),
        ),
        see(
            "prelude",
            "A-19 prelude ok n=1 none=\"None\" records=3; A-19 prelude ok n=1 none=\"None\" records=0",
            || {
                [hidden::Result::Ok, hidden::Result::Err]
                    .map(|result| hidden::prelude(1, hidden::Box, result))
            },
        ),
        see("macros", "A-20 macros ok", || hidden::macros(1)),
        see("qualified_types", "A-22 qualified_types ok", || {
            qualified_types(&HashMap::from([("a", 1)]), "a")
        }),
        see("same_name_shadowed", "A-23 same_name_shadowed ok", || {
            same_name_shadowed(1)
        }),
        see("array_of_references", "A-25 array_of_references ok", || {
            let mut row = 1;
            (array_of_references([&mut row]), row)
        }),
    ]
}
