//! Ways to write the same event, with five fields, to a file.

use std::env;
use std::fs::{File, OpenOptions};
use std::hint::black_box;
use std::io::{LineWriter, sink};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use logforth::append::file::FileBuilder;
use logforth::bridge::log::LogBridge;
use logforth::layout::JsonLayout;
use monitor_runtime::{LogMode, Monitor, json, log_event, monitored};
use slog::{Drain, Logger, o};
use tracing::dispatcher;
use tracing::subscriber::with_default;
use tracing_appender::non_blocking::NonBlockingBuilder;
use tracing_subscriber::layer::SubscriberExt;

/// Has the library collect lines.
pub(crate) const BATCHED: &str = "LOG_COST_BATCHED";

/// Writes so many lines. What it has to wait for at the end is part of it.
type Write = Box<dyn FnMut(u64)>;

pub(crate) struct Contender {
    pub(crate) name: &'static str,
    /// The file, which is emptied between rounds.
    pub(crate) file: PathBuf,
    pub(crate) write: Write,
}

/// All of them, the one that the others are compared with first.
pub(crate) fn all(folder: &Path) -> Vec<Contender> {
    let mut all = vec![
        subscriber(folder),
        appender(folder),
        slog(folder),
        logforth(folder),
    ];
    all.extend(ours(folder));
    all
}

fn open(path: &Path) -> File {
    let mut options = OpenOptions::new();
    options
        .create(true)
        .append(true)
        .open(path)
        .expect("a file")
}

fn tracing_events(lines: u64) {
    for n in 0..lines {
        let n = black_box(n);
        tracing::info!(
            season = "2023-24",
            page = n,
            delta = -(n as i64),
            share = n as f64 / 7.0,
            fresh = n & 1 == 0,
            "page read"
        );
    }
}

fn subscriber(folder: &Path) -> Contender {
    let file = folder.join("subscriber.json");
    let writer = Arc::new(open(&file));
    let layer = tracing_subscriber::fmt::layer().json().with_writer(writer);
    let dispatch = tracing::Dispatch::new(tracing_subscriber::registry().with(layer));
    Contender {
        name: "tracing-subscriber, JSON, direct",
        file,
        write: Box::new(move |lines| dispatcher::with_default(&dispatch, || tracing_events(lines))),
    }
}

fn appender(folder: &Path) -> Contender {
    let file = folder.join("appender.json");
    let path = file.clone();
    let write = move |lines| {
        let builder = NonBlockingBuilder::default().lossy(false);
        let (writer, guard) = builder.finish(open(&path));
        let layer = tracing_subscriber::fmt::layer().json().with_writer(writer);
        with_default(tracing_subscriber::registry().with(layer), || {
            tracing_events(lines)
        });
        drop(guard);
    };
    Contender {
        name: "tracing-appender, lossless",
        file,
        write: Box::new(write),
    }
}

fn slog(folder: &Path) -> Contender {
    let file = folder.join("slog.json");
    // It writes each token by itself: without this each would be a system call.
    let drain = slog_json::Json::default(LineWriter::new(open(&file)));
    let logger = Logger::root(Mutex::new(drain).fuse(), o!());
    let write = move |lines| {
        for n in 0..lines {
            let n = black_box(n);
            slog::info!(logger, "page read";
                "season" => "2023-24",
                "page" => n,
                "delta" => -(n as i64),
                "share" => n as f64 / 7.0,
                "fresh" => n & 1 == 0,
            );
        }
    };
    Contender {
        name: "slog-json",
        file,
        write: Box::new(write),
    }
}

fn logforth(folder: &Path) -> Contender {
    let append = FileBuilder::new(folder, "logforth")
        .filename_suffix("json")
        .layout(JsonLayout::default())
        .build()
        .expect("a file");
    let logger = logforth::core::builder()
        .dispatch(|dispatch| dispatch.append(append))
        .build();
    log::set_boxed_logger(Box::new(LogBridge::new(logger))).expect("the first logger");
    log::set_max_level(log::LevelFilter::Info);
    let write = |lines| {
        for n in 0..lines {
            let n = black_box(n);
            log::info!(
                season = "2023-24",
                page = n,
                delta = -(n as i64),
                share = n as f64 / 7.0,
                fresh = n & 1 == 0;
                "page read"
            );
        }
        log::logger().flush();
    };
    Contender {
        name: "logforth, JSON",
        file: folder.join("logforth.json"),
        write: Box::new(write),
    }
}

/// A call of a stage, whose start and end are a line each.
#[monitored(stage = "NBA-17", records = |page| *page)]
fn read(page: u64) -> u64 {
    black_box(page)
}

fn ours(folder: &Path) -> [Contender; 3] {
    let mut builder = Monitor::builder().logs(folder).console(sink());
    if env::var_os(BATCHED).is_some() {
        builder = builder.log_mode(LogMode::Batched);
    }
    // It lives as long as the process.
    let monitor: &'static Monitor = Box::leak(Box::new(builder.install().expect("a monitor")));
    let file = monitor.paths().log().to_owned();
    let by_hand = |lines| {
        for n in 0..lines {
            let n = black_box(n);
            let data = json!({
                "season": "2023-24",
                "page": n,
                "delta": -(n as i64),
                "share": n as f64 / 7.0,
                "fresh": n & 1 == 0,
            });
            log_event("page read", data);
        }
    };
    [
        Contender {
            name: "monitor-runtime, tracing::info!",
            file: file.clone(),
            write: Box::new(tracing_events),
        },
        Contender {
            name: "monitor-runtime, log_event",
            file: file.clone(),
            write: Box::new(by_hand),
        },
        Contender {
            name: "monitor-runtime, calls of a stage",
            file,
            write: Box::new(|lines| {
                for page in 0..lines / 2 {
                    black_box(read(page));
                }
            }),
        },
    ]
}
