//! One test for each bug that was found, named for it.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod arguments;
mod counting;
mod expansion;
mod texts;
