//! What the compiler infers and coerces because the signature says what is wanted.

use std::error::Error;
use std::fmt::Debug;
use std::rc::Rc;

use super::monitored;
use crate::see::{Seen, pause, run, see};

#[monitored(stage = "I-01")]
fn parsed_for_an_iterator(text: &str) -> impl Iterator<Item = u64> + use<'_> {
    text.split(' ').filter_map(|part| part.parse().ok())
}

#[monitored(stage = "I-02")]
fn collected_for_anything(text: &str) -> impl IntoIterator<Item = char> {
    text.chars().rev().collect::<Vec<_>>()
}

#[monitored(stage = "I-03")]
fn empty_for_an_iterator() -> impl IntoIterator<Item = String> {
    Vec::new()
}

#[monitored(stage = "I-04")]
fn nothing_for_an_iterator(fail: bool) -> Result<impl Iterator<Item = u32>, String> {
    if fail {
        return Err("nothing".to_owned());
    }
    Ok(std::iter::empty())
}

#[monitored(stage = "I-05")]
fn typed_closure(fail: bool) -> Result<impl Fn(&str) -> usize, Box<dyn Error>> {
    if fail {
        return Err("no closure".into());
    }
    Ok(|text: &str| text.len() + 1)
}

#[monitored(stage = "I-06")]
fn shared_closure() -> Rc<dyn Fn(&str) -> usize> {
    Rc::new(|text| text.len() + 1)
}

#[monitored(stage = "I-07")]
fn named_function() -> impl Fn(&str) -> Option<u32> {
    parse
}

fn parse(text: &str) -> Option<u32> {
    text.parse().ok()
}

#[monitored(stage = "I-08")]
async fn boxed_async(number: bool) -> Option<Box<dyn Debug>> {
    if number {
        return Some(Box::new(7));
    }
    pause().await;
    Some(Box::new("text"))
}

#[monitored(stage = "I-09")]
async fn closures_async(more: u32) -> Vec<Box<dyn Fn(u32) -> u32>> {
    pause().await;
    vec![Box::new(|n| n.pow(2)), Box::new(move |n| n + more)]
}

#[monitored(stage = "I-10")]
async fn function_pointer_async() -> fn(&str) -> usize {
    pause().await;
    |text| text.len()
}

#[monitored(stage = "I-11")]
async fn slice_async(some: bool) -> &'static [u8] {
    pause().await;
    if some { &[1, 2] } else { &[] }
}

#[monitored(stage = "I-12")]
async fn converted_error_async(fail: bool) -> Result<Box<dyn Debug>, Box<dyn Error>> {
    pause().await;
    if fail {
        Err("failed")?;
    }
    Ok(Box::new(7))
}

#[monitored(stage = "I-13")]
async fn collected_async(rows: &[&str]) -> Result<Vec<u8>, std::num::ParseIntError> {
    pause().await;
    rows.iter().map(|row| row.parse()).collect()
}

#[monitored(stage = "I-14")]
async fn converted_async(text: &str) -> String {
    pause().await;
    text.into()
}

#[monitored(stage = "I-15")]
async fn default_async() -> (u32, Vec<u8>) {
    pause().await;
    Default::default()
}

#[monitored(stage = "I-16")]
async fn opaque_async(text: &str) -> Result<impl Iterator<Item = u64> + use<'_>, String> {
    pause().await;
    if text.is_empty() {
        return Err("empty".to_owned());
    }
    Ok(text.split(' ').filter_map(|part| part.parse().ok()))
}

#[monitored(stage = "I-17")]
async fn joined_async(text: &str) -> Result<(u8, u16), std::num::ParseIntError> {
    tokio::try_join!(async { text.parse() }, async {
        pause().await;
        text.parse()
    })
}

#[monitored(stage = "I-18")]
async fn selected_async(rows: &mut Vec<String>, text: &str) -> usize {
    tokio::select! {
        biased;
        () = std::future::pending() => 0,
        () = async { rows.push(text.into()) } => rows.len(),
    }
}

#[monitored(stage = "I-19")]
async fn lending_closure_async(fill: impl AsyncFnOnce(&mut Vec<u32>)) -> Vec<u32> {
    let mut rows = Vec::new();
    fill(&mut rows).await;
    rows
}

pub(crate) fn shapes() -> Vec<Seen> {
    vec![
        see(
            "parsed_for_an_iterator",
            "I-01 parsed_for_an_iterator ok",
            || parsed_for_an_iterator("1 x 2").sum::<u64>(),
        ),
        see(
            "collected_for_anything",
            "I-02 collected_for_anything ok",
            || collected_for_anything("ab").into_iter().collect::<String>(),
        ),
        see(
            "empty_for_an_iterator",
            "I-03 empty_for_an_iterator ok",
            || empty_for_an_iterator().into_iter().count(),
        ),
        see(
            "nothing_for_an_iterator",
            "I-04 nothing_for_an_iterator ok; I-04 nothing_for_an_iterator error",
            || [false, true].map(|fail| nothing_for_an_iterator(fail).map(Iterator::count)),
        ),
        see(
            "typed_closure",
            "I-05 typed_closure ok; I-05 typed_closure error",
            || [false, true].map(|fail| typed_closure(fail).map(|length| length("abc")).ok()),
        ),
        see("shared_closure", "I-06 shared_closure ok", || {
            shared_closure()("abc")
        }),
        see("named_function", "I-07 named_function ok", || {
            named_function()("7")
        }),
        see(
            "boxed_async",
            "I-08 boxed_async ok; I-08 boxed_async ok",
            || [true, false].map(|number| run(boxed_async(number))),
        ),
        see("closures_async", "I-09 closures_async ok", || {
            run(closures_async(1))
                .iter()
                .map(|closure| closure(3))
                .sum::<u32>()
        }),
        see(
            "function_pointer_async",
            "I-10 function_pointer_async ok",
            || run(function_pointer_async())("abc"),
        ),
        see("slice_async", "I-11 slice_async ok", || {
            run(slice_async(true))
        }),
        see(
            "converted_error_async",
            "I-12 converted_error_async ok; I-12 converted_error_async error",
            || [false, true].map(|fail| run(converted_error_async(fail))),
        ),
        see(
            "collected_async",
            "I-13 collected_async ok; I-13 collected_async error",
            || [["1", "2"], ["1", "x"]].map(|rows| run(collected_async(&rows))),
        ),
        see("converted_async", "I-14 converted_async ok", || {
            run(converted_async("a"))
        }),
        see("default_async", "I-15 default_async ok", || {
            run(default_async())
        }),
        see("opaque_async", "I-16 opaque_async ok", || {
            run(async { opaque_async("1 2").await.map(Iterator::sum::<u64>) })
        }),
        see(
            "joined_async",
            "I-17 joined_async ok; I-17 joined_async error",
            || ["7", "300"].map(|text| run(joined_async(text))),
        ),
        see("selected_async", "I-18 selected_async ok", || {
            run(selected_async(&mut Vec::new(), "a"))
        }),
        see(
            "lending_closure_async",
            "I-19 lending_closure_async ok",
            || {
                run(lending_closure_async(async |rows| {
                    pause().await;
                    rows.push(7);
                }))
            },
        ),
    ]
}
