//! What an attribute costs when it is compiled: the time of `cargo check` and the
//! machine code of a release build, for each annotated function, as the difference to
//! the same functions without it.
//!
//! ```sh
//! cargo run -p compile-cost -- 15     # rounds; all crates are built in each
//! ```

mod functions;
mod machine_code;

use std::error::Error;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, iter};

use crate::functions::{COUNT, VARIANTS, Variant};

const ROUNDS: usize = 9;

fn main() -> Result<(), Box<dyn Error>> {
    let rounds = env::args().nth(1).map_or(Ok(ROUNDS), |text| text.parse())?;
    println!("{COUNT} functions, half of them async; {rounds} rounds, medians");

    for variant in VARIANTS {
        write(variant, 0)?;
        cargo("check", variant)?;
    }
    let mut times = [const { Vec::new() }; VARIANTS.len()];
    for round in 1..=rounds {
        for (variant, times) in iter::zip(VARIANTS, &mut times) {
            write(variant, round)?;
            let started = Instant::now();
            cargo("check", variant)?;
            times.push(started.elapsed());
        }
    }
    let [plain, ..] = times.each_mut().map(|times| median(times));
    for (variant, times) in iter::zip(VARIANTS, &mut times) {
        let time = median(times);
        let each = (time.as_secs_f64() - plain.as_secs_f64()) * 1e3 / COUNT as f64;
        println!(
            "cargo check  {:<10} {:>5.2} s  {each:>6.2} ms a function",
            variant.name,
            time.as_secs_f64()
        );
    }

    let mut without = None;
    for variant in VARIANTS {
        let code = machine_code::size(variant)?;
        let without = *without.get_or_insert(code);
        let each = (code as f64 - without as f64) / COUNT as f64;
        println!(
            "machine code {:<10} {:>5} KiB {each:>6.0} bytes a function",
            variant.name,
            code / 1024
        );
    }
    Ok(())
}

/// Writes the variant's functions; another `round` makes cargo build them again.
fn write(variant: &Variant, round: usize) -> Result<(), Box<dyn Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/functions");
    fs::create_dir_all(folder)?;
    let path = format!("{folder}/{}.rs", variant.name);
    fs::write(path, functions::source(variant, round))?;
    Ok(())
}

fn cargo(command: &str, variant: &Variant) -> Result<(), Box<dyn Error>> {
    let package = format!("functions-{}", variant.name);
    let status = Command::new(env!("CARGO"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args([command, "--quiet", "--package", &package])
        .stdin(Stdio::null())
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("cargo {command} of {package} failed").into())
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
