//! Instructions of a call, as callgrind counts them. Needs valgrind.

use std::process::Command;

use crate::contenders::{BASE, Contender, Kind, OURS, PLAIN, Run};
use crate::own;

/// Two counts of calls: their difference leaves out what the program costs by itself.
const FEW: u64 = 10_000;
const MANY: u64 = 110_000;

pub(crate) fn print() {
    for kind in Kind::ALL {
        println!("\n{:<34} instructions a call", kind.as_str());
        for name in [PLAIN, BASE, OURS[0], OURS[1]] {
            let cost =
                (count(kind, name, MANY) - count(kind, name, FEW)) as f64 / (MANY - FEW) as f64;
            println!("{name:<34} {cost:>8.1}");
        }
    }
}

/// Counting starts and ends with it: crates of the peers measure the CPU's counter before
/// `main`, for as many instructions as a fixed time allows.
const COUNTED: &str = "--toggle-collect=call_cost::instructions::counted";

pub(crate) fn call(contender: &Contender, kind: Kind, calls: u64) {
    (contender.prepare)();
    counted(contender.run(kind), calls);
}

#[inline(never)]
fn counted(run: Run, calls: u64) {
    run(calls);
}

fn count(kind: Kind, name: &str, calls: u64) -> u64 {
    let program = own(&["calls", kind.as_str(), name, &calls.to_string()]);
    let mut command = Command::new("valgrind");
    command
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            COUNTED,
        ])
        .arg(program.get_program())
        .args(program.get_args());
    for (key, value) in program.get_envs() {
        command.env(key, value.unwrap_or_default());
    }
    let output = command.output().expect("valgrind is installed");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let collected = text
        .lines()
        .find_map(|line| line.split("Collected :").nth(1))
        .unwrap_or_else(|| panic!("{text}"));
    collected.trim().parse().expect("a count")
}
