//! What one call of a monitored function costs beside other ways to measure it, in
//! one process, as medians of rounds that take the contenders in turn.
//!
//! `cargo run --release -p call-cost` prints a table for sync and one for async
//! functions. With an argument after `--`:
//!
//! - `threads`: two threads at once against one;
//! - `background`: CPU time of other threads than the caller's, and memory;
//! - `memory`: resident memory after 1, 10 and 100 million calls of ours, or as many
//!   as the numbers behind it say, and after 100,000 threads;
//! - `instructions`: counted with callgrind.

mod background;
mod by_hand;
mod clock;
mod contenders;
mod function;
mod instructions;
mod memory;
mod ours;
mod peers;
mod process;
mod rounds;
mod table;
mod threads;

use std::env;
use std::process::Command;

use contenders::{Contender, Kind};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if env::var_os(peers::hotpath::NO_SERVER).is_none() {
        let status = own(&arguments).status();
        assert!(status.expect("this program").success());
        return;
    }
    let one = |kind, name| (Contender::find(name), Kind::find(kind));
    match arguments.as_slice() {
        [] => table::print(),
        ["threads"] => threads::print(),
        ["background"] => background::print(),
        ["memory", millions @ ..] => memory::print(millions),
        ["instructions"] => instructions::print(),
        ["background", kind, name] => {
            let (contender, kind) = one(kind, name);
            background::print_one(contender, kind);
        }
        ["grow", kind, name, millions @ ..] => {
            let (contender, kind) = one(kind, name);
            memory::print_one(contender, kind, millions);
        }
        ["calls", kind, name, calls] => {
            let (contender, kind) = one(kind, name);
            instructions::call(contender, kind, calls.parse().expect("a number of calls"));
        }
        _ => panic!("no argument, `threads`, `background`, `memory` or `instructions`"),
    }
}

/// This program, in the environment that it measures in.
fn own(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.args(arguments).env(peers::hotpath::NO_SERVER, "1");
    command
}
