//! What a line with five fields costs, in one process, as medians of rounds.
//!
//! `cargo run --release -p log-cost` measures in `target` and in `/dev/shm`;
//! `cargo run --release -p log-cost -- instructions` counts with callgrind.

mod allocations;
mod contenders;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use contenders::Contender;

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

const ROUNDS: usize = 11;
const LINES: u64 = 50_000;

/// Two counts of lines: their difference leaves out what the program costs by itself.
const FEW: u64 = 2_000;
const MANY: u64 = 12_000;

/// The ways of the library.
const MODES: [(bool, &str); 2] = [(false, "each line at once"), (true, "batched")];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => {
            let target = env::current_exe()
                .expect("this program")
                .with_file_name("log-cost-files");
            for folder in [target, PathBuf::from("/dev/shm/log-cost-files")] {
                if folder.parent().is_some_and(Path::is_dir) {
                    for (batched, what) in MODES {
                        println!("\n{}, ours {what}", folder.display());
                        let mut command = own(&["in", &folder.to_string_lossy()]);
                        command.env("RUST_LOG", "info");
                        if batched {
                            command.env(contenders::BATCHED, "1");
                        }
                        let status = command.status();
                        assert!(status.expect("this program").success());
                    }
                }
            }
        }
        ["in", folder] => measure(Path::new(folder)),
        ["instructions"] => instructions(),
        ["lines", folder, name, lines] => {
            let all = contenders::all(Path::new(folder));
            let contender = all.into_iter().find(|contender| contender.name == *name);
            (contender.expect("a contender").write)(lines.parse().expect("a number of lines"));
        }
        _ => panic!("no argument, or `instructions`"),
    }
}

fn own(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.args(arguments);
    command
}

struct Result {
    nanoseconds: Vec<f64>,
    allocations: u64,
    bytes: u64,
}

fn measure(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).expect("a folder");
    let mut all = contenders::all(folder);
    let mut results: Vec<Result> = Vec::new();
    for round in 0..=ROUNDS {
        for (index, contender) in all.iter_mut().enumerate() {
            let result = measure_one(contender);
            match round {
                // What grows to its size, and what the disk does first.
                0 => results.push(Result {
                    nanoseconds: Vec::new(),
                    ..result
                }),
                _ => {
                    results[index].nanoseconds.extend(result.nanoseconds);
                    results[index].allocations = result.allocations;
                }
            }
        }
    }
    println!(
        "{:<34} {:>10} {:>7} {:>12} {:>8}",
        "", "ns a line", "ratio", "allocations", "bytes"
    );
    let mut first = None;
    for (contender, result) in all.iter().zip(&mut results) {
        let median = median(&mut result.nanoseconds);
        let ratio = median / *first.get_or_insert(median);
        let allocations = result.allocations as f64 / LINES as f64;
        let bytes = result.bytes / LINES;
        println!(
            "{:<34} {median:>10.0} {ratio:>7.3} {allocations:>12.3} {bytes:>8}",
            contender.name
        );
    }
    let _ = fs::remove_dir_all(folder);
}

fn measure_one(contender: &mut Contender) -> Result {
    let file = fs::OpenOptions::new().write(true).open(&contender.file);
    if let Ok(file) = &file {
        file.set_len(0).expect("an empty file");
    }
    let (start, before) = (Instant::now(), allocations::count());
    (contender.write)(LINES);
    let nanoseconds = start.elapsed().as_nanos() as f64 / LINES as f64;
    let allocations = allocations::count() - before;
    let bytes = fs::metadata(&contender.file).expect("a file").len();
    Result {
        nanoseconds: vec![nanoseconds],
        allocations,
        bytes,
    }
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn instructions() {
    let folder = env::temp_dir().join(format!("log-cost-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let names: Vec<&str> = contenders::all(&folder)
        .iter()
        .map(|contender| contender.name)
        .collect();
    println!("{:<34} instructions a line, all threads", "");
    for name in names {
        let cost = (counted(&folder, name, MANY) - counted(&folder, name, FEW)) as f64
            / (MANY - FEW) as f64;
        println!("{name:<34} {cost:>8.0}");
    }
    let _ = fs::remove_dir_all(folder);
}

fn counted(folder: &Path, name: &str, lines: u64) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().expect("this program"))
        .args(["lines", &folder.to_string_lossy(), name, &lines.to_string()])
        .env("RUST_LOG", "info")
        .output()
        .expect("valgrind is installed");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let collected = text
        .lines()
        .find_map(|line| line.split("Collected :").nth(1))
        .unwrap_or_else(|| panic!("{text}"));
    collected.trim().parse().expect("a count")
}
