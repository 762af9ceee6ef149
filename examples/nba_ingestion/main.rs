//! The main example: a monitored pipeline from a flaky HTTP API to partitioned files.
//!
//! ```text
//! cargo run --example nba_ingestion
//! cargo run --example nba_ingestion -- --outage
//! cargo run --example nba_ingestion -- --serve
//! ```
//!
//! Read [`ingest`], [`clean`] and [`load`] first: they are the pipeline, and monitoring
//! adds to them the attributes, one event and one metric. [`api`] is the server they
//! work against. The folder for the logs comes from the command line here, so the run is
//! started by hand; a program that leaves it to monitor.toml puts
//! `#[monitor_runtime::main]` above its `main` instead, as `quickstart` does.

mod api;
mod clean;
mod client;
mod ingest;
mod load;
mod model;
mod names;
mod options;

use std::env;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use monitor_runtime::Monitor;
use tokio::runtime::Runtime;

use crate::api::{Faults, FlakyApi};
use crate::client::ApiClient;
use crate::options::{Command, HELP, Options};

const SEASON: &str = "2026-27";

/// How long the API takes to answer: enough to see the progress.
const LATENCY: Duration = Duration::from_millis(40);

/// How long `--serve` waits between two rounds.
const BETWEEN_ROUNDS: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    match Command::parse(env::args_os().skip(1)) {
        Ok(Command::Run(options)) => monitored_run(&options),
        Ok(Command::Help) => {
            print(HELP);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}; `--help` lists the options");
            ExitCode::from(2)
        }
    }
}

/// Starts the monitoring, runs the pipeline and finishes the monitoring, whatever
/// came of it.
fn monitored_run(options: &Options) -> ExitCode {
    let mut builder = Monitor::builder()
        .config(monitor_runtime::embedded_config!())
        .logs(&options.logs);
    if options.serve {
        builder = builder.serve(options.page);
    }
    let monitor = match builder.install() {
        Ok(monitor) => monitor,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };

    if let Some(address) = monitor.serving() {
        print(&format!(
            "The live page: http://{address}/ — Enter ends the job\n"
        ));
    }
    let is_over = if options.serve {
        on_enter()
    } else {
        Arc::new(AtomicBool::new(true))
    };
    let mut result = run(options);
    while !is_over.load(Ordering::Relaxed) {
        // What failed is on the page; the next round may do better.
        thread::sleep(BETWEEN_ROUNDS);
        result = run(options);
    }

    let summary = monitor.summary();
    let files = files(&monitor);
    monitor.finish_with(&result);
    let code = match result {
        Ok(sentence) => {
            print(&format!("\n{sentence}\n"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("\nError: {error:?}");
            ExitCode::FAILURE
        }
    };
    print(&format!("\n{summary}\n{files}"));
    code
}

/// Becomes true when somebody presses Enter.
fn on_enter() -> Arc<AtomicBool> {
    let is_over = Arc::new(AtomicBool::new(false));
    let pressed = Arc::clone(&is_over);
    thread::spawn(move || {
        let read = io::stdin().read_line(&mut String::new());
        // Where there is no input, nobody presses anything.
        pressed.store(read.is_ok_and(|bytes| bytes > 0), Ordering::Relaxed);
    });
    is_over
}

/// The pipeline, told as one sentence at its end.
fn run(options: &Options) -> anyhow::Result<String> {
    let faults = if options.outage {
        Faults::Outage
    } else {
        Faults::Scripted
    };
    let runtime = Runtime::new().context("the async runtime could not be started")?;
    let api = runtime
        .block_on(FlakyApi::start(faults, LATENCY))
        .context("the API could not be started")?;
    let client = ApiClient::new(api.base_url())?;

    let raw = runtime.block_on(ingest::ingest(&client, SEASON))?;
    let league = clean::clean(&raw);
    let loaded = load::load(&league, &options.output)?;
    Ok(format!(
        "{} records loaded into {} files. The API failed {} of {} requests on purpose.",
        loaded.records,
        loaded.files,
        api.failures(),
        api.requests(),
    ))
}

fn files(monitor: &Monitor) -> String {
    let paths = monitor.paths();
    format!(
        "Log:      {}\nMetrics:  {}\nReport:   {}\n",
        paths.log().display(),
        paths.metrics().display(),
        file_url(paths.report()),
    )
}

fn file_url(path: &Path) -> String {
    reqwest::Url::from_file_path(path).map_or_else(|()| path.display().to_string(), String::from)
}

/// A closed pipe at the other end (`| head`) is not a failure of the job.
fn print(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}
