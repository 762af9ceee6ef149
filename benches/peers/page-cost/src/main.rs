//! What the live page costs a pipeline, by who looks at it.
//!
//! `cargo run --release -p page-cost` prints, for pipelines of few and of many stages that make
//! 1,000 calls a second, the CPU time of the page's threads as a share of one core and what they
//! send; then how long a call takes in a tight loop while nobody looks, while somebody does, and
//! while somebody sends nothing but requests that are refused. Linux only.

mod clients;
mod pipeline;
mod threads;

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clients::Kind;

const MEASURED: Duration = Duration::from_secs(20);
const ROUNDS: usize = 7;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => all(),
        ["steady", stages] => pipeline::steady(stages.parse().expect("a number"), MEASURED),
        ["loop"] => pipeline::tight_loop(),
        ["clients", kind, at, number] => {
            let at: SocketAddr = at.parse().expect("an address");
            let number = number.parse().expect("a number");
            clients::run(Kind::find(kind), at, number);
        }
        _ => panic!("no such arguments: {arguments:?}"),
    }
}

fn all() {
    println!(
        "{:<8} {:<22} {:>14} {:>12}",
        "stages", "who looks", "CPU, 1 core", "KiB/s"
    );
    for stages in ["3", "100"] {
        for (who, number) in [("nobody", 0), ("one browser", 1), ("sixteen", 16)] {
            let (mut job, at, mut told) = Job::start(&["steady", stages]);
            let clients = Clients::start(Kind::Watching, at, number);
            job.go();
            let share: f64 = told.next_number();
            let bytes = clients.map_or(0, Clients::end);
            let rate = bytes as f64 / 1024.0 / MEASURED.as_secs_f64();
            println!(
                "{stages:<8} {who:<22} {:>12.2} % {rate:>12.1}",
                share * 100.0
            );
        }
    }
    println!("\n{:<31} {:>14} {:>12}", "while", "ns a call", "of nobody");
    let ways = [
        ("nobody looks", None),
        ("one browser looks", Some(Kind::Watching)),
        ("one sends what is refused", Some(Kind::Hostile)),
    ];
    let mut took = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for ((_, kind), took) in ways.iter().zip(&mut took) {
            let (mut job, at, mut told) = Job::start(&["loop"]);
            let clients = kind.and_then(|kind| Clients::start(kind, at, 1));
            job.go();
            took.push(told.next_number());
            drop(clients);
        }
    }
    let nobody = median(&mut took[0]);
    for ((who, _), took) in ways.iter().zip(&mut took) {
        let took = median(took);
        println!("{who:<31} {took:>14.1} {:>12.2}", took / nobody);
    }
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// This program in another role, until it is dropped.
struct Job(Child);

struct Told(BufReader<std::process::ChildStdout>);

impl Told {
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("a line");
        line.trim().to_owned()
    }

    fn next_number(&mut self) -> f64 {
        let line = self.line();
        line.parse().unwrap_or_else(|_| panic!("no number: {line}"))
    }
}

impl Job {
    /// A pipeline with a page, which waits for a line before it is measured.
    fn start(arguments: &[&str]) -> (Self, SocketAddr, Told) {
        let (job, mut told) = Self::spawn(arguments);
        let at = told.line().parse().expect("an address");
        (job, at, told)
    }

    fn spawn(arguments: &[&str]) -> (Self, Told) {
        let mut child = Command::new(env::current_exe().expect("this program"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program");
        let told = Told(BufReader::new(child.stdout.take().expect("piped")));
        (Self(child), told)
    }

    fn go(&mut self) {
        let stdin = self.0.stdin.as_mut().expect("piped");
        stdin.write_all(b"go\n").expect("it reads");
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Clients in a process of their own, so that their CPU time is not the pipeline's.
struct Clients(Job, Told);

impl Clients {
    fn start(kind: Kind, at: SocketAddr, number: usize) -> Option<Self> {
        if number == 0 {
            return None;
        }
        let (job, mut told) =
            Job::spawn(&["clients", kind.name(), &at.to_string(), &number.to_string()]);
        assert_eq!(told.line(), "connected");
        Some(Self(job, told))
    }

    /// How many bytes they were sent.
    fn end(mut self) -> u64 {
        self.0.go();
        self.1.next_number() as u64
    }
}
