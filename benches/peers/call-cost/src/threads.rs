//! What two threads at once cost each other.

use std::sync::Barrier;
use std::thread;

use crate::contenders::{ALL, Contender, Kind, Run};
use crate::rounds::{Costs, nanoseconds};

const ROUNDS: usize = 41;
/// A round's length: two threads that start a little apart still run together.
const NANOSECONDS: f64 = 2e6;

pub(crate) fn print() {
    for contender in ALL {
        (contender.prepare)();
    }
    for kind in Kind::ALL {
        print_one(kind);
    }
}

struct Measured {
    alone: Vec<f64>,
    together: Vec<f64>,
}

fn print_one(kind: Kind) {
    let mut all: Vec<Measured> = Vec::new();
    let calls: Vec<u64> = ALL.iter().map(|one| calls(one, kind)).collect();
    for _ in 0..ROUNDS {
        for (index, contender) in ALL.iter().enumerate() {
            let run = contender.run(kind);
            let alone = at_once(1, run, calls[index]);
            (contender.settle)();
            let together = at_once(2, run, calls[index]);
            (contender.settle)();
            match all.get_mut(index) {
                Some(measured) => {
                    measured.alone.extend(alone);
                    measured.together.extend(together);
                }
                None => all.push(Measured { alone, together }),
            }
        }
    }
    println!(
        "\n{:<34} {:>10} {:>10} {:>7} {:>7}",
        format!("{}, ns a call of a thread", kind.as_str()),
        "one thread",
        "each of 2",
        "ratio",
        "least"
    );
    for (contender, measured) in ALL.iter().zip(all) {
        let (alone, together) = (Costs::new(measured.alone), Costs::new(measured.together));
        println!(
            "{:<34} {:>10.2} {:>10.2} {:>7.2} {:>7.2}",
            contender.name,
            alone.median(),
            together.median(),
            together.median() / alone.median(),
            together.least() / alone.least()
        );
    }
}

/// As many as fill a round.
fn calls(contender: &Contender, kind: Kind) -> u64 {
    let run = contender.run(kind);
    run(1_000);
    let cost = nanoseconds(run, 10_000);
    (contender.settle)();
    (NANOSECONDS / cost) as u64
}

/// The cost on each of so many threads.
fn at_once(threads: usize, run: Run, calls: u64) -> Vec<f64> {
    let barrier = Barrier::new(threads);
    let measure = || {
        run(calls / 10);
        barrier.wait();
        nanoseconds(run, calls)
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(measure)).collect();
        let costs = threads.into_iter().map(|thread| thread.join());
        costs.map(|cost| cost.expect("no panic")).collect()
    })
}
