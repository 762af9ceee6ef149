//! What a retried function costs that succeeds with its first attempt, in instructions,
//! as callgrind counts them: a loop written by hand, `#[retry]`, and backon.
//!
//! `cargo run --release -p retry-cost`; needs valgrind.

mod functions;

use std::env;
use std::hint::black_box;
use std::process::Command;

use functions::{FUNCTIONS, Function};

/// Two counts of calls: their difference leaves out what the program costs by itself.
const FEW: u64 = 10_000;
const MANY: u64 = 110_000;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, name, calls] = arguments.as_slice() {
        run(name, calls.parse().expect("a number of calls"));
        return;
    }
    println!("{:<34} instructions a call", "");
    for (name, _) in FUNCTIONS {
        let cost =
            (instructions(name, MANY) - instructions(name, FEW)) as f64 / (MANY - FEW) as f64;
        println!("{name:<34} {cost:>8.1}");
    }
}

fn run(name: &str, calls: u64) {
    let (_, function) = FUNCTIONS
        .iter()
        .find(|(other, _)| *other == name)
        .expect("a function");
    let mut sum = 0;
    for n in 0..calls {
        sum += match function {
            Function::Sync(function) => function(black_box(n)).unwrap_or(0),
            Function::Async(function) => function(black_box(n)),
        };
    }
    black_box(sum);
}

fn instructions(name: &str, calls: u64) -> u64 {
    let own = env::current_exe().expect("this program");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(own)
        .args([name, &calls.to_string()])
        .output()
        .expect("valgrind is installed");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let collected = text
        .lines()
        .find_map(|line| line.split("Collected :").nth(1))
        .unwrap_or_else(|| panic!("{text}"));
    collected.trim().parse().expect("a count")
}
