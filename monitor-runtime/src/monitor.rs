//! The guard that finishes a run.

use std::fmt::Debug;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::{mem, process, thread};

use crate::attached::Attached;
use crate::bars::Drawing;
use crate::builder::Builder;
use crate::core::CoreRef;
use crate::desk::AlertReport;
use crate::failure::{ErrorText, Outcome};
use crate::finish;
use crate::manual::Loggable;
use crate::metrics::sampler::Sampler;
use crate::open_page::OpenPage;
use crate::panics;
use crate::paths::Paths;
use crate::summary::Summary;

/// A run under way. Finishes it when dropped: alerts are delivered, the last metrics
/// and the report are written.
///
/// ```
/// use monitor_runtime::Monitor;
///
/// # let folder = std::env::temp_dir().join(format!("monitor-doc-{}", std::process::id()));
/// let monitor = Monitor::builder().name("nba_pipeline").logs(&folder).install()?;
/// let result: Result<(), std::fmt::Error> = Ok(()); // the pipeline
/// monitor.finish_with(&result);
/// # std::fs::remove_dir_all(folder).ok();
/// # Ok::<(), monitor_runtime::StartError>(())
/// ```
#[must_use = "the run is finished when this is dropped: keep it until the end of `main`"]
#[derive(Debug)]
pub struct Monitor {
    core: CoreRef,
    attached: Option<Arc<Attached>>,
    sampler: Option<Sampler>,
    /// Writes lines that were collected.
    keeper: Option<Sampler>,
    page: Option<OpenPage>,
    bars: Option<Drawing>,
}

impl Monitor {
    pub(crate) fn new(
        (page, bars): (Option<OpenPage>, Option<Drawing>),
        keeper: Option<Sampler>,
        sampler: Option<Sampler>,
        core: CoreRef,
        attached: Arc<Attached>,
    ) -> Self {
        Self {
            core,
            attached: Some(attached),
            sampler,
            keeper,
            page,
            bars,
        }
    }

    /// A builder with the defaults.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where the run writes.
    #[must_use]
    pub fn paths(&self) -> &Paths {
        match &self.attached {
            Some(attached) => &attached.paths,
            None => unreachable!("only the end takes it off"),
        }
    }

    /// Writes all lines that were collected and has the disk take them.
    ///
    /// # Errors
    ///
    /// When the disk does not. The log tells of it, too.
    pub fn sync(&self) -> io::Result<()> {
        let log = self.attached.as_ref().map(|attached| &attached.log);
        log.map_or(Ok(()), |log| log.sync().map_err(io::Error::other))
    }

    /// Waits until all alerts that were raised are delivered or given up, but not longer than
    /// `longest`. The end of a run does so by itself: up to 30 s for critical ones, 5 s for
    /// others. What is still pending then is delivered by the next run.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # let folder = std::env::temp_dir().join(format!("monitor-flush-{}", std::process::id()));
    /// let monitor = monitor_runtime::Monitor::builder().logs(&folder).install()?;
    /// let report = monitor.flush_alerts(Duration::from_secs(10));
    /// assert_eq!(report.pending, 0);
    /// # drop(monitor);
    /// # std::fs::remove_dir_all(folder).ok();
    /// # Ok::<(), monitor_runtime::StartError>(())
    /// ```
    pub fn flush_alerts(&self, longest: Duration) -> AlertReport {
        let attached = self.attached.as_ref();
        attached.map_or_else(AlertReport::default, |attached| {
            attached.desk.flush(longest)
        })
    }

    /// What the stages did so far, as a table for a terminal.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("monitor-summary-{}", std::process::id()));
    /// let monitor = monitor_runtime::Monitor::builder().logs(&folder).install()?;
    /// // the pipeline
    /// print!("{}", monitor.summary());
    /// # drop(monitor);
    /// # std::fs::remove_dir_all(folder).ok();
    /// # Ok::<(), monitor_runtime::StartError>(())
    /// ```
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.core.snapshot().summary()
    }

    /// Where the live page is served, if it is: see [`Builder::serve`].
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("monitor-page-{}", std::process::id()));
    /// let builder = monitor_runtime::Monitor::builder().logs(&folder);
    /// // Port 0 is any that is free.
    /// let monitor = builder.serve(([127, 0, 0, 1], 0)).install()?;
    /// let address = monitor.serving().ok_or("the port is taken")?;
    /// println!("look at http://{address}/");
    /// # drop(monitor);
    /// # std::fs::remove_dir_all(folder).ok();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "serve")]
    #[must_use]
    pub fn serving(&self) -> Option<std::net::SocketAddr> {
        self.page.as_ref().map(OpenPage::address)
    }

    /// Finishes the run as a success.
    pub fn finish(mut self) {
        self.end(&RunEnd::Ok);
    }

    /// Finishes the run as the success or failure that `result` is.
    pub fn finish_with<T, E: Loggable<Kind>, Kind>(mut self, result: &Result<T, E>) {
        self.end(&match result {
            Ok(_) => RunEnd::Ok,
            Err(error) => {
                let (error, chain) = error.texts();
                RunEnd::Failed(ErrorText::new(error, chain))
            }
        });
    }

    pub(crate) fn finish_as(mut self, outcome: &Outcome<'_>) {
        self.end(&match outcome {
            Outcome::Ok => RunEnd::Ok,
            Outcome::Failed(failure) => RunEnd::Failed(ErrorText::of(failure)),
        });
    }

    fn end(&mut self, end: &RunEnd) {
        let Some(attached) = self.attached.take() else {
            return;
        };
        if process::id() != attached.run.pid {
            // The run and its threads stayed behind in the process that this one has forked
            // off from.
            let threads = (self.sampler.take(), self.keeper.take());
            mem::forget((threads, self.page.take(), self.bars.take()));
            attached.log.flush();
            return;
        }
        self.bars = None;
        self.sampler = None;
        self.keeper = None;
        finish::finished(&self.core, &attached, end);
        let unused = self.core.registry.is_empty();
        self.core.left_unused.store(unused, Ordering::Relaxed);
        // Those who look see the run to its end.
        if let Some(page) = self.page.take() {
            page.finish(end);
        }
        self.core.attached.clear();
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        let Some(began) = self.attached.as_ref().map(|attached| attached.run.began) else {
            return;
        };
        self.end(&if thread::panicking() {
            RunEnd::Panicked(ErrorText::new(panics::last_since(began), Vec::new()))
        } else {
            RunEnd::Ok
        });
    }
}

/// How a run ended.
#[derive(Clone, Debug)]
pub(crate) enum RunEnd {
    Ok,
    Failed(ErrorText),
    Panicked(ErrorText),
}

impl RunEnd {
    /// The word for it, and the error.
    pub(crate) fn parts(&self) -> (&'static str, Option<&ErrorText>) {
        match self {
            Self::Ok => ("ok", None),
            Self::Failed(text) => ("error", Some(text)),
            Self::Panicked(text) => ("panic", Some(text)),
        }
    }
}
