//! The files of a run are whole whenever they are read, and a run that died is found.
//!
//! Each program under test is a process of its own: this one, run again with the name of
//! one of its tests. No test waits for a time to pass, they wait for what they need.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod files;
mod program;
#[path = "../support/random.rs"]
mod random;

mod beside;
mod died;
mod ended;
mod hostile;
mod kept;
mod killed;
mod left;
mod stale;
