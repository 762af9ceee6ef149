//! What one call of a monitored function costs beside other ways to measure it, in
//! one process, as medians of rounds that take the contenders in turn.
//!
//! `cargo run --release -p call-cost` prints a table for sync and one for async
//! functions.

mod by_hand;
mod clock;
mod contenders;
mod function;
mod ours;
mod rounds;
mod table;

use std::env;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => table::print(),
        _ => panic!("no argument"),
    }
}
