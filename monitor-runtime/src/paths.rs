//! Where a run writes.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The files of a run, as absolute paths.
#[derive(Clone, Debug)]
pub struct Paths {
    folder: PathBuf,
    log: PathBuf,
    metrics: PathBuf,
    report: PathBuf,
    runs: PathBuf,
    alerts: PathBuf,
}

impl Paths {
    /// The paths in `folder`, which is created.
    pub(crate) fn in_folder(folder: &Path) -> io::Result<Self> {
        let folder = std::path::absolute(folder)?;
        fs::create_dir_all(&folder)?;
        Ok(Self {
            log: folder.join("pipeline.json"),
            metrics: folder.join("metrics.json"),
            report: folder.join("dashboard.html"),
            runs: folder.join("runs"),
            alerts: folder.join("alerts.jsonl"),
            folder,
        })
    }

    /// For a run that writes no files.
    pub(crate) fn nowhere() -> Self {
        let nothing = PathBuf::new;
        Self {
            folder: nothing(),
            log: nothing(),
            metrics: nothing(),
            report: nothing(),
            runs: nothing(),
            alerts: nothing(),
        }
    }

    /// The folder that the others are in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `pipeline.json`: one JSON object a line.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// `metrics.json`: the metrics, at most a second old.
    #[must_use]
    pub fn metrics(&self) -> &Path {
        &self.metrics
    }

    /// `dashboard.html`: the report, written when the run ends.
    #[must_use]
    pub fn report(&self) -> &Path {
        &self.report
    }

    /// `alerts.jsonl`: what was raised and what became of it, see
    /// [`outbox_format`](crate::outbox_format).
    #[must_use]
    pub fn alerts(&self) -> &Path {
        &self.alerts
    }

    /// `runs`: a folder with a record of each run, see [`run_format`](crate::run_format).
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("monitor-runs-{}", std::process::id()));
    /// let monitor = monitor_runtime::Monitor::builder().logs(&folder).install()?;
    /// let records = std::fs::read_dir(monitor.paths().runs())?;
    /// # assert!(records.count() > 0);
    /// # drop(monitor);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn runs(&self) -> &Path {
        &self.runs
    }
}
