//! How what functions return ends a call.

use std::convert::Infallible;
use std::error::Error;
use std::fmt::{self, Debug, Display, Write};
use std::io;
use std::num::ParseIntError;
use std::process::ExitCode;
use std::task::Poll;

use super::monitored;
use crate::see::{Seen, see};

type Parsed<T = u32> = Result<T, ParseIntError>;

#[monitored(stage = "V-04")]
fn parse(text: &str) -> Result<u32, ParseIntError> {
    text.parse()
}

#[monitored(stage = "V-05", records = |rows| rows.len())]
fn alias(text: &str) -> Parsed<Vec<u32>> {
    text.split(',').map(str::parse).collect()
}

#[monitored(stage = "V-06")]
fn alias_with_default(text: &str) -> Parsed {
    Ok(text.parse::<u32>()? + 1)
}

#[monitored(stage = "V-07")]
fn boxed_error(text: &str) -> Result<u32, Box<dyn Error>> {
    if text.is_empty() {
        return Err("nothing there".into());
    }
    let number: u32 = text.parse()?;
    Ok(number)
}

#[monitored(stage = "V-08")]
fn boxed_error_with_bounds(text: &str) -> Result<u32, Box<dyn Error + Send + Sync + 'static>> {
    let number = text.parse()?;
    Ok(number)
}

#[monitored(stage = "V-09")]
fn any_error(text: &str) -> anyhow::Result<u32> {
    use anyhow::Context as _;
    text.parse().with_context(|| format!("reading {text:?}"))
}

#[monitored(stage = "V-12")]
fn exit_code(good: bool) -> ExitCode {
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[monitored(stage = "V-14")]
fn option_of_result(text: Option<&str>) -> Option<Parsed> {
    text.map(str::parse)
}

#[monitored(stage = "V-15")]
fn result_of_result(text: &str) -> Result<Parsed, fmt::Error> {
    if text.is_empty() {
        Err(fmt::Error)
    } else {
        Ok(text.parse())
    }
}

#[monitored(stage = "V-17")]
fn poll(ready: bool) -> Poll<Parsed> {
    if ready {
        Poll::Ready("x".parse())
    } else {
        Poll::Pending
    }
}

#[monitored(stage = "V-19")]
fn error_without_a_text(good: bool) -> Result<(), ()> {
    if good { Ok(()) } else { Err(()) }
}

struct Unprintable;

#[monitored(stage = "V-20")]
fn error_without_any_trait(good: bool) -> Result<u8, Unprintable> {
    good.then_some(7).ok_or(Unprintable)
}

#[monitored(stage = "V-21")]
fn impossible_error(text: &str) -> Result<String, Infallible> {
    text.parse()
}

#[monitored(stage = "V-22")]
fn borrowed_error(text: &str) -> Result<u32, &str> {
    text.parse().map_err(|_| text)
}

#[monitored(stage = "V-23")]
fn opaque_error(good: bool) -> Result<impl Debug, impl Display> {
    if good { Ok([1, 2]) } else { Err("not good") }
}

#[monitored(stage = "V-24")]
fn formatted(to: &mut String, n: u8) -> fmt::Result {
    write!(to, "{n}")?;
    to.write_char('!')
}

#[monitored(stage = "V-25")]
fn io_result(text: &str) -> io::Result<usize> {
    if text.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(text.len())
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see("parse", "V-04 parse ok; V-04 parse error", || {
            (parse("7"), parse("x"))
        }),
        see("alias", "V-05 alias ok records=2; V-05 alias error", || {
            (alias("7,8"), alias("7,"))
        }),
        see(
            "alias_with_default",
            "V-06 alias_with_default ok; V-06 alias_with_default error",
            || (alias_with_default("7"), alias_with_default("x")),
        ),
        see(
            "boxed_error",
            "V-07 boxed_error ok; V-07 boxed_error error; V-07 boxed_error error",
            || (boxed_error("7"), boxed_error("x"), boxed_error("")),
        ),
        see(
            "boxed_error_with_bounds",
            "V-08 boxed_error_with_bounds error",
            || boxed_error_with_bounds("x"),
        ),
        see(
            "any_error",
            "V-09 any_error ok; V-09 any_error error",
            || {
                (
                    any_error("7").ok(),
                    any_error("x").map_err(|error| format!("{error:#}")),
                )
            },
        ),
        see(
            "exit_code",
            "V-12 exit_code ok; V-12 exit_code error",
            || (exit_code(true), exit_code(false)),
        ),
        see("option_of_result", "V-14 option_of_result ok", || {
            option_of_result(Some("x"))
        }),
        see(
            "result_of_result",
            "V-15 result_of_result ok; V-15 result_of_result error",
            || (result_of_result("x"), result_of_result("")),
        ),
        see("poll", "V-17 poll ok; V-17 poll ok", || {
            (poll(true), poll(false))
        }),
        see(
            "error_without_a_text",
            "V-19 error_without_a_text ok; V-19 error_without_a_text error",
            || (error_without_a_text(true), error_without_a_text(false)),
        ),
        see(
            "error_without_any_trait",
            "V-20 error_without_any_trait ok; V-20 error_without_any_trait error",
            || {
                (
                    error_without_any_trait(true).ok(),
                    error_without_any_trait(false).ok(),
                )
            },
        ),
        see("impossible_error", "V-21 impossible_error ok", || {
            impossible_error("7")
        }),
        see("borrowed_error", "V-22 borrowed_error error", || {
            borrowed_error("x")
        }),
        see(
            "opaque_error",
            "V-23 opaque_error ok; V-23 opaque_error error",
            || {
                [true, false].map(|good| match opaque_error(good) {
                    Ok(value) => format!("{value:?}"),
                    Err(error) => error.to_string(),
                })
            },
        ),
        see("formatted", "V-24 formatted ok", || {
            let mut to = String::new();
            (formatted(&mut to, 7), to)
        }),
        see(
            "io_result",
            "V-25 io_result ok; V-25 io_result error",
            || (io_result("a"), io_result("")),
        ),
    ]
}
