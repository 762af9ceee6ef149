//! What calls cost beyond the thread that makes them: time of other threads, memory.

use std::thread;
use std::time::Duration;

use crate::contenders::{ALL, Contender, Kind};
use crate::{own, process};

const CALLS: u64 = 2_000_000;
/// What a thread that works off a queue wakes up within.
const PAUSE: Duration = Duration::from_millis(300);
/// CPU time of a pause in which nothing is left to do.
const IDLE: Duration = Duration::from_millis(2);

/// Each contender in a process of its own, since time and memory are a process's.
pub(crate) fn print() {
    for kind in Kind::ALL {
        println!(
            "\n{:<34} {:>12} {:>13} {:>9} {:>9}",
            format!("{}, {CALLS} calls", kind.as_str()),
            "ns, caller",
            "ns, others",
            "KiB then",
            "KiB most"
        );
        for contender in ALL {
            let status = own(&["background", kind.as_str(), contender.name]).status();
            assert!(status.expect("this program").success());
        }
    }
}

pub(crate) fn print_one(contender: &Contender, kind: Kind) {
    (contender.prepare)();
    let run = contender.run(kind);
    run(1_000);
    wait_until_idle();
    let (before, _) = process::resident();
    let (process, thread) = (process::cpu(), process::thread_cpu());
    run(CALLS);
    let thread = process::thread_cpu() - thread;
    wait_until_idle();
    let others = (process::cpu() - process).saturating_sub(thread);
    let (after, most) = process::resident();
    println!(
        "{:<34} {:>12.1} {:>13.1} {:>9} {:>9}",
        contender.name,
        thread.as_nanos() as f64 / CALLS as f64,
        others.as_nanos() as f64 / CALLS as f64,
        after.saturating_sub(before),
        most.saturating_sub(before)
    );
}

fn wait_until_idle() {
    loop {
        let before = process::cpu();
        thread::sleep(PAUSE);
        if process::cpu() - before < IDLE {
            return;
        }
    }
}
