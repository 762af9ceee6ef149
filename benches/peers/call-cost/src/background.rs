//! What calls cost beyond the thread that makes them: time of other threads, memory.

use crate::contenders::{ALL, Contender, Kind};
use crate::rounds::Costs;
use crate::{own, process};

const CALLS: u64 = 2_000_000;

const ROUNDS: usize = 5;

/// Each contender in a process of its own, since time and memory are a process's.
pub(crate) fn print() {
    for kind in Kind::ALL {
        let mut all = vec![Vec::new(); ALL.len()];
        for _ in 0..ROUNDS {
            for (contender, rounds) in ALL.iter().zip(&mut all) {
                rounds.push(measure_apart(contender, kind));
            }
        }
        println!(
            "\n{:<34} {:>10} {:>10} {:>10} {:>10}",
            format!("{}, {CALLS} calls", kind.as_str()),
            "ns, caller",
            "ns, others",
            "KiB left",
            "KiB most"
        );
        for (contender, rounds) in ALL.iter().zip(all) {
            let median = |index: usize| {
                let numbers = rounds.iter().map(|round: &[f64; 4]| round[index]);
                Costs::new(numbers.collect()).median()
            };
            println!(
                "{:<34} {:>10.1} {:>10.1} {:>10} {:>10}",
                contender.name,
                median(0),
                median(1),
                median(2),
                median(3)
            );
        }
    }
}

fn measure_apart(contender: &Contender, kind: Kind) -> [f64; 4] {
    let mut program = own(&["background", kind.as_str(), contender.name]);
    let output = program.output().expect("this program");
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers = text.split_whitespace().map(|number| number.parse());
    let numbers: Result<Vec<f64>, _> = numbers.collect();
    let numbers = numbers.ok().and_then(|numbers| numbers.try_into().ok());
    numbers.unwrap_or_else(|| panic!("{output:?}"))
}

pub(crate) fn print_one(contender: &Contender, kind: Kind) {
    (contender.prepare)();
    let run = contender.run(kind);
    run(1_000);
    process::wait_until_idle();
    let (before, _) = process::resident();
    let (process, thread) = (process::cpu(), process::thread_cpu());
    run(CALLS);
    let thread = process::thread_cpu() - thread;
    process::wait_until_idle();
    let others = (process::cpu() - process).saturating_sub(thread);
    (contender.settle)();
    let (after, most) = process::resident();
    println!(
        "{} {} {} {}",
        thread.as_nanos() as f64 / CALLS as f64,
        others.as_nanos() as f64 / CALLS as f64,
        after.saturating_sub(before),
        most.saturating_sub(before)
    );
}
