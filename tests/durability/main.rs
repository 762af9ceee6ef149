//! Lines of the log survive what happens to the program, to the disk and to the file.
//!
//! Each program under test is a process of its own: this one, run again with the name of
//! one of its tests. No test waits for a time to pass, they wait for what they need.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod log_file;
#[path = "../support/random.rs"]
mod random;
mod told;

mod killed;
mod settings;
mod threads;

#[cfg(target_os = "linux")]
mod disk;

#[cfg(target_os = "linux")]
mod console;
#[cfg(target_os = "linux")]
mod ended;
#[cfg(target_os = "linux")]
mod failing_calls;
#[cfg(target_os = "linux")]
mod full_disk;
#[cfg(target_os = "linux")]
mod moved;
#[cfg(target_os = "linux")]
mod read_only;
#[cfg(target_os = "linux")]
mod rotated;
#[cfg(target_os = "linux")]
mod shared;
#[cfg(target_os = "linux")]
mod size_limit;
#[cfg(target_os = "linux")]
mod wrong_paths;
