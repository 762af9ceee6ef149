//! Structured lines, to the file and to the console.
//!
//! | module | concept |
//! |---|---|
//! | `record`, `measured` | what one line says |
//! | `line` | the line as JSON |
//! | `encoder`, `members`, `escape`, `number` | JSON into a buffer, within a limit |
//! | `timestamp` | RFC 3339, in UTC |
//! | `log`, `writer` | the way of a line: encoded, numbered, written at once or with others |
//! | `settings`, `start` | which of these ways; the log of a run and of its forks |
//! | `sink` | what takes lines |
//! | `file` | the file it is appended to |
//! | `console`, `sentence`, `split` | the line for people |
//! | `filter` | which of those reach the log |
//! | `layer`, `callsite`, `event`, `span`, `visit` | the application's own `tracing` events |

mod callsite;
pub(crate) mod console;
mod encoder;
mod escape;
mod event;
pub(crate) mod file;
pub(crate) mod filter;
pub(crate) mod layer;
pub(crate) mod line;
pub(crate) mod log;
pub(crate) mod measured;
mod members;
mod number;
pub(crate) mod record;
mod sentence;
pub(crate) mod settings;
pub(crate) mod sink;
mod span;
mod split;
pub(crate) mod start;
pub(crate) mod timestamp;
mod visit;
pub(crate) mod writer;

#[cfg(test)]
mod cost;
#[cfg(test)]
#[path = "cut_tests.rs"]
mod cut_tests;
#[cfg(test)]
#[path = "formatting_tests.rs"]
mod formatting_tests;
#[cfg(test)]
#[path = "hostile_tests.rs"]
mod hostile_tests;
#[cfg(test)]
mod hostile_values;
#[cfg(test)]
mod line_checker;
#[cfg(test)]
#[path = "property_tests.rs"]
mod property_tests;
#[cfg(test)]
pub(crate) mod random;
