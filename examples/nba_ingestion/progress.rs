//! A progress bar on stderr, and the log's console lines above it.

use std::io::{self, LineWriter, Write};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// One bar at a time, for the stage that is running. Where stderr is not a terminal,
/// nothing is drawn.
pub(crate) struct Progress {
    bars: MultiProgress,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self {
            bars: MultiProgress::new(),
        }
    }

    pub(crate) fn stage(&self, stage: &'static str, records: usize) -> ProgressBar {
        // A mistake in the template costs the looks, not the run.
        let style =
            ProgressStyle::with_template("{prefix} {bar:40} {human_pos}/{human_len} {elapsed}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(records as u64)
            .with_style(style)
            .with_prefix(stage);
        let bar = self.bars.add(bar);
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }

    /// Stderr for everybody else: the bar is taken away for the time of each line,
    /// which would otherwise end up in the middle of it.
    pub(crate) fn console(&self) -> impl Write + Send + 'static {
        LineWriter::new(Console {
            bars: self.bars.clone(),
        })
    }
}

struct Console {
    bars: MultiProgress,
}

impl Write for Console {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.bars.suspend(|| io::stderr().write(text))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
