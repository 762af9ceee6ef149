//! Alerts survive what happens to the program between their raise and their delivery.
//!
//! Each program under test is a process of its own: this one, run again with the name of one
//! of its tests. The other side is a server in this process.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../support/random.rs"]
mod random;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod support;

#[cfg(target_os = "linux")]
#[path = "../durability/disk.rs"]
mod disk;
#[cfg(target_os = "linux")]
mod full_disk;
mod killed;
mod left;
mod raises;
