//! The first and the last that a run does.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use crate::attached::Attached;
use crate::core::Core;
use crate::failure::ErrorText;
use crate::fields::{FieldValue, seconds};
use crate::logs::record::{Context, Data, ERROR, EVENT, ErrorPart, LineLevel, OWN, Record};
use crate::logs::settings::LogSettings;
use crate::metrics::file::{self, Lost};
use crate::metrics::snapshot::Snapshot;
use crate::monitor::RunEnd;
use crate::replace::replace;
use crate::report;
use crate::text;

/// The version of the log's format, stated once a run.
const SCHEMA: u64 = 1;

/// Writes the line that a run starts with.
pub(crate) fn started(attached: &Attached, alerts: &str, settings: &LogSettings, filter: &str) {
    let run = &attached.run;
    let mut data = vec![
        ("schema", FieldValue::U64(SCHEMA)),
        ("pid", FieldValue::U64(run.pid.into())),
        ("host", FieldValue::text(&run.host)),
        (
            "logs",
            FieldValue::text(&attached.paths.folder().display().to_string()),
        ),
        ("alerts", FieldValue::text(alerts)),
        ("log_mode", FieldValue::text(settings.mode.as_str())),
        (
            "longest_line",
            FieldValue::U64(settings.longest_line as u64),
        ),
        ("console", FieldValue::text(settings.console.as_str())),
        ("filter", FieldValue::text(filter)),
    ];
    if let Some(rotation) = settings.rotation {
        data.push(("rotate_at", FieldValue::U64(rotation.at)));
        data.push(("keep", FieldValue::U64(rotation.keep as u64)));
    }
    let sync = settings.sync_every.map(seconds);
    data.extend(sync.map(|every| ("sync_every", FieldValue::F64(every))));
    data.extend(
        run.version
            .as_deref()
            .map(|version| ("version", FieldValue::text(version))),
    );
    attached.log.emit(
        OWN,
        &Record::new(LineLevel::Info, "run.start", Data::Fields(&data, &[])),
    );
}

/// Ends a run: alerts first, so that the log and the report tell what became of
/// them.
pub(crate) fn finished(core: &Core, attached: &Attached, end: &RunEnd) {
    let untold = attached.desk.settle();
    attached.desk.close();
    // What waits is written or lost by now: the last line tells.
    attached.log.flush();
    let (counts, _) = attached.log.counts();
    let (outcome, error) = end.parts();
    let mut data = vec![
        ("outcome", FieldValue::text(outcome)),
        (
            "duration",
            FieldValue::F64(seconds(attached.run.started.elapsed())),
        ),
        ("lines", FieldValue::U64(counts.emitted + 1)),
        ("lost", FieldValue::U64(counts.lost)),
    ];
    if untold > 0 {
        data.push(("alerts_not_told", FieldValue::U64(untold)));
    }
    let level = if error.is_some() {
        LineLevel::Error
    } else {
        LineLevel::Info
    };
    attached.log.emit(
        OWN,
        &Record {
            message: if error.is_some() { ERROR } else { EVENT },
            error: error.map(|text: &ErrorText| ErrorPart {
                text,
                context: Context::Fields(&[]),
            }),
            ..Record::new(level, "run.end", Data::Fields(&data, &[]))
        },
    );
    if cfg!(feature = "report")
        && let Err(error) = report::write(core, attached, end)
    {
        complain(&format!(
            "{} cannot be written: {error}",
            attached.paths.report().display()
        ));
    }
    attached.log.flush();
    let saved = save(core, attached, Some(end));
    for (written, path) in [
        (saved.troubles, attached.paths.folder()),
        (saved.metrics, attached.paths.metrics()),
        (saved.record, attached.paths.runs()),
    ] {
        if let Err(error) = written {
            complain(&format!("{} cannot be written: {error}", path.display()));
        }
    }
    if let (counts, Some(cause)) = attached.log.counts()
        && counts.lost > 0
    {
        let (lost, log) = (counts.lost, attached.paths.log().display());
        complain(&format!(
            "{lost} lines could not be written to {log}: {cause}"
        ));
    }
}

/// Says that nobody will find out, should the run die.
pub(crate) fn not_recorded(attached: &Attached, error: &io::Error) {
    let cause = [("cause", FieldValue::text(&error.to_string()))];
    let data = Data::Fields(&cause, &[]);
    let record = Record::new(LineLevel::Warning, "run.not_recorded", data);
    attached.log.emit(OWN, &record);
}

/// Replaces `metrics.json` and the record of the run, which `end` closes.
///
/// One at a time: the thread that samples and the program may both ask for it, and an
/// older snapshot must not replace a newer one.
pub(crate) fn save(core: &Core, attached: &Attached, end: Option<&RunEnd>) -> Saved {
    static SAVING: Mutex<()> = Mutex::new(());
    let _saving = SAVING.lock().unwrap_or_else(PoisonError::into_inner);
    let snapshot = core.snapshot();
    attached
        .history
        .sample(attached.run.started.elapsed(), &snapshot);
    Saved {
        troubles: attached.remember_troubles(),
        metrics: write_metrics(core, attached, &snapshot),
        record: attached.runs.save(core, attached, &snapshot, end),
    }
}

/// Whether the files could be written.
pub(crate) struct Saved {
    pub(crate) troubles: io::Result<()>,
    pub(crate) metrics: io::Result<()>,
    pub(crate) record: io::Result<()>,
}

fn write_metrics(core: &Core, attached: &Attached, snapshot: &Snapshot) -> io::Result<()> {
    let path = attached.paths.metrics();
    if path.as_os_str().is_empty() {
        return Ok(());
    }
    let (points, dropped) = core.points.get();
    let lost = Lost {
        points: dropped,
        lines: attached.log.counts().0.lost,
    };
    let content = file::content(snapshot, &points, lost);
    replace(path, &attached.run.writer(), &content)
}

/// How long it takes at most to say something on standard error.
const SAID_WITHIN: Duration = Duration::from_secs(1);

/// A line on standard error, for what no file can tell.
pub(crate) fn complain(what: &str) {
    let line = format!("monitor: {}\n", text::plain(what));
    let (said, is_said) = mpsc::channel();
    let say = move || {
        let _ = io::stderr().write_all(line.as_bytes());
        let _ = said.send(());
    };
    // A pipe that nobody reads would hold the program up for ever.
    if thread::Builder::new().spawn(say).is_ok() {
        let _ = is_said.recv_timeout(SAID_WITHIN);
    }
}
