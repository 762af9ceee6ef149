//! What two threads at once cost each other.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use crate::contenders::{ALL, Contender, Kind, Run};
use crate::process;
use crate::rounds::{Costs, nanoseconds};

const ROUNDS: usize = 41;
/// A round's length: two threads that start a little apart still run together.
const NANOSECONDS: f64 = 2e6;
/// What a round is tried, where other programs take a core of it.
const TRIES: usize = 50;
/// The share of a round in which both threads have to run, each on its own core.
const TOGETHER: f64 = 0.9;

pub(crate) fn print() {
    for contender in ALL {
        (contender.prepare)();
    }
    for kind in Kind::ALL {
        print_one(kind);
    }
}

#[derive(Clone, Default)]
struct Measured {
    alone: Vec<f64>,
    together: Vec<f64>,
}

fn print_one(kind: Kind) {
    let mut all = vec![Measured::default(); ALL.len()];
    let calls: Vec<u64> = ALL.iter().map(|one| calls(one, kind)).collect();
    for _ in 0..ROUNDS {
        for ((contender, measured), calls) in ALL.iter().zip(&mut all).zip(&calls) {
            measured
                .alone
                .extend(undisturbed(1, contender, kind, *calls));
            measured
                .together
                .extend(undisturbed(2, contender, kind, *calls));
        }
    }
    println!(
        "\n{:<34} {:>10} {:>10} {:>7} {:>10} {:>7}",
        format!("{}, ns a call of a thread", kind.as_str()),
        "one thread",
        "each of 2",
        "ratio",
        "least of 2",
        "rounds"
    );
    for (contender, measured) in ALL.iter().zip(all) {
        let rounds = measured.together.len() / 2;
        if rounds == 0 || measured.alone.is_empty() {
            println!("{:<34} no round was undisturbed", contender.name);
            continue;
        }
        let (alone, together) = (Costs::new(measured.alone), Costs::new(measured.together));
        println!(
            "{:<34} {:>10.2} {:>10.2} {:>7.2} {:>10.2} {rounds:>7}",
            contender.name,
            alone.median(),
            together.median(),
            together.median() / alone.median(),
            together.least()
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

/// The cost on each of so many threads; nothing where each try was disturbed.
fn undisturbed(threads: usize, contender: &Contender, kind: Kind, calls: u64) -> Vec<f64> {
    for _ in 0..TRIES {
        let costs = at_once(threads, contender.run(kind), calls);
        (contender.settle)();
        if let Some(costs) = costs {
            return costs;
        }
    }
    Vec::new()
}

fn at_once(threads: usize, run: Run, calls: u64) -> Option<Vec<f64>> {
    let ready = AtomicUsize::new(0);
    let measure = |core| {
        process::stay_on(core);
        run(calls / 10);
        // A thread that sleeps until the other comes wakes up too late.
        ready.fetch_add(1, Ordering::Relaxed);
        while ready.load(Ordering::Relaxed) < threads {
            spin_loop();
        }
        let (start, cpu) = (Instant::now(), process::thread_cpu());
        run(calls);
        (start, Instant::now(), process::thread_cpu() - cpu)
    };
    let measure = &measure;
    let spans: Vec<_> = thread::scope(|scope| {
        let threads = (0..threads).map(|core| scope.spawn(move || measure(core)));
        let threads: Vec<_> = threads.collect();
        let spans = threads.into_iter().map(|thread| thread.join());
        spans.map(|span| span.expect("no panic")).collect()
    });
    let last_start = spans.iter().map(|span| span.0).max()?;
    let first_end = spans.iter().map(|span| span.1).min()?;
    let together = first_end.saturating_duration_since(last_start);
    let is_undisturbed = spans.iter().all(|(start, end, cpu)| {
        let length = end.duration_since(*start).as_secs_f64() * TOGETHER;
        together.as_secs_f64() >= length && cpu.as_secs_f64() >= length
    });
    let costs = spans
        .iter()
        .map(|(start, end, _)| end.duration_since(*start).as_nanos() as f64 / calls as f64);
    is_undisturbed.then(|| costs.collect())
}
