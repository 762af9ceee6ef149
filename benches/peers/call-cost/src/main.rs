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
mod peers;
mod rounds;
mod table;

use std::env;
use std::process::Command;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if env::var_os(peers::hotpath::NO_SERVER).is_none() {
        let status = own(&arguments).status();
        assert!(status.expect("this program").success());
        return;
    }
    match arguments.as_slice() {
        [] => table::print(),
        _ => panic!("no argument"),
    }
}

/// This program, as it measures.
fn own(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.args(arguments).env(peers::hotpath::NO_SERVER, "1");
    command
}
