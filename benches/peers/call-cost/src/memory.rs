//! Whether memory grows with calls, or with threads that have ended.

use std::thread;

use crate::contenders::{BASE, Contender, Kind, OURS};
use crate::{own, process};

const MILLIONS: [u64; 3] = [1, 10, 100];
const THREADS: u64 = 100_000;

/// Each contender in a process of its own.
pub(crate) fn print(millions: &[&str]) {
    let default = MILLIONS.map(|millions| millions.to_string());
    let millions = match millions {
        [] => default.iter().map(String::as_str).collect(),
        given => given.to_vec(),
    };
    for kind in Kind::ALL {
        println!(
            "\n{:<34} KiB resident, first and after calls",
            kind.as_str()
        );
        for name in [BASE, OURS[0], OURS[1]] {
            let arguments = [&["grow", kind.as_str(), name], millions.as_slice()].concat();
            let status = own(&arguments).status();
            assert!(status.expect("this program").success());
        }
    }
}

pub(crate) fn print_one(contender: &Contender, kind: Kind, millions: &[&str]) {
    let run = contender.run(kind);
    run(1_000);
    print!("{:<34} {}", contender.name, process::resident().0);
    let mut done = 0;
    for millions in millions {
        let target: u64 = millions.parse().expect("a number of millions");
        run(target.saturating_sub(done) * 1_000_000);
        done = done.max(target);
        print!(", {millions} million: {}", process::resident().0);
    }
    for _ in 0..THREADS {
        let thread = thread::spawn(move || run(1));
        thread.join().expect("no panic");
    }
    println!(", {THREADS} threads: {}", process::resident().0);
}
