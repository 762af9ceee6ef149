//! What is counted is exact, however many threads count, end, or read.
//!
//! By default each test does a part of what it can. With the variable `MONITOR_FULL` set, as
//! in `MONITOR_FULL=1 cargo test --release --test metrics -- --nocapture`, it does all: ten
//! million calls in 64 threads, a hundred thousand threads, a hundred million calls. What
//! looks at the memory of a process, or has its panics silent, is a process of its own.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod futures;
mod jobs;
mod watch;

mod cpu;
mod last;
mod many_threads;
mod memory;
mod short_lived;
mod thousand;
mod threads_end;
