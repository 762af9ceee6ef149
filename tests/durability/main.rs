//! Lines of the log survive what happens to the program.
//!
//! Each program under test is a process of its own: this one, run again with the name of
//! one of its tests. No test waits for a time to pass, they wait for what they need.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![allow(
    dead_code,
    reason = "what drives a program can do more than these tests ask"
)]

mod log_file;
mod told;

mod killed;

#[cfg(target_os = "linux")]
mod ended;
