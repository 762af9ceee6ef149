//! Bars on a terminal for the stages that know how far they are, where this build has them.

#[cfg(feature = "progress")]
pub(crate) use self::with_progress::{Bars, Drawing};
#[cfg(not(feature = "progress"))]
pub(crate) use self::without_progress::{Bars, Drawing};

#[cfg(feature = "progress")]
mod with_progress {
    use std::env;
    use std::io::{self, IsTerminal, Write};
    use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
    use std::thread;
    use std::time::Duration;

    use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

    use crate::core::CoreRef;
    use crate::metrics::stage_progress::StageProgress;

    /// How often it is drawn.
    const PERIOD: Duration = Duration::from_millis(100);
    /// How long the end of a run waits for it to be taken away: a terminal may be stopped.
    const GONE_WITHIN: Duration = Duration::from_millis(500);

    /// Cut to the width of the terminal: what is one row can be taken away without any other.
    const TEMPLATE: &str = "{wide_msg}";
    const CELLS: usize = 24;

    /// The last row of a terminal, which tells how far all stages are.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct Bars(Arc<Mutex<Row>>);

    #[derive(Debug, Default)]
    struct Row {
        text: String,
        /// Where it is drawn now.
        bar: Option<ProgressBar>,
    }

    impl Bars {
        /// Where standard error is a terminal that a person may look at.
        pub(crate) fn on_terminal() -> Option<Self> {
            let is_watched = io::stderr().is_terminal() && env::var_os("CI").is_none();
            is_watched.then(Self::default)
        }

        /// Standard error for lines, above the row.
        pub(crate) fn console(&self) -> Box<dyn Write + Send> {
            Box::new(Above(self.clone()))
        }

        /// Has a thread draw it: the calls only count.
        pub(crate) fn draw(self, core: CoreRef) -> Option<Drawing> {
            let (go_on, stopped) = channel();
            let (gone, cleared) = channel();
            let thread = thread::Builder::new().name("monitor-progress".to_owned());
            let draw = move || {
                while stopped.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                    self.row().show(text(&core.progress()));
                }
                self.row().show(String::new());
                drop(gone);
            };
            thread.spawn(draw).ok()?;
            Some(Drawing {
                go_on: Some(go_on),
                cleared,
            })
        }

        fn row(&self) -> MutexGuard<'_, Row> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }

    /// A row that is drawn until this is dropped.
    #[derive(Debug)]
    pub(crate) struct Drawing {
        go_on: Option<Sender<()>>,
        cleared: Receiver<()>,
    }

    impl Drop for Drawing {
        fn drop(&mut self) {
            self.go_on = None;
            let _ = self.cleared.recv_timeout(GONE_WITHIN);
        }
    }

    impl Row {
        fn show(&mut self, text: String) {
            if text.is_empty() {
                self.clear();
            }
            self.text = text;
            self.draw();
        }

        fn draw(&mut self) {
            if self.text.is_empty() {
                return;
            }
            let bar = self.bar.get_or_insert_with(|| {
                // A mistake in the template costs the looks, not the run.
                let style = ProgressStyle::with_template(TEMPLATE)
                    .unwrap_or_else(|_| ProgressStyle::default_spinner());
                ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style)
            });
            bar.set_message(self.text.clone());
            bar.tick();
        }

        fn clear(&mut self) {
            if let Some(bar) = self.bar.take() {
                bar.finish_and_clear();
            }
        }
    }

    /// One stage with a bar, several in short.
    fn text(stages: &[(&'static str, StageProgress)]) -> String {
        if let [(stage, progress)] = stages {
            let filled = progress
                .share()
                .map(|share| (share * CELLS as f64) as usize);
            let bar = filled.map_or_else(String::new, |filled| {
                let (done, rest) = (filled.min(CELLS), CELLS.saturating_sub(filled));
                format!("{}{} ", "█".repeat(done), "░".repeat(rest))
            });
            return format!("{stage} {bar}{}", progress.sentence());
        }
        let each = stages.iter().map(|(stage, progress)| {
            let share = progress.share().map(|share| (share * 100.0).floor());
            let far = share.map_or_else(|| progress.done.to_string(), |share| format!("{share} %"));
            format!("{stage} {far}")
        });
        each.collect::<Vec<_>>().join(" · ")
    }

    /// The row is taken away for the time of each line, which would otherwise end up behind it.
    struct Above(Bars);

    impl Write for Above {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            let mut row = self.0.row();
            row.clear();
            io::stderr().write_all(text)?;
            Ok(text.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0.row().draw();
            io::stderr().flush()
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn progress(done: u64, total: Option<u64>) -> StageProgress {
            StageProgress {
                done,
                total,
                elapsed: Duration::from_secs(1),
            }
        }

        #[test]
        fn one_stage_has_a_bar_and_several_share_the_row() {
            let (half, unknown) = (progress(2, Some(4)), progress(7, None));
            let bar = format!("{}{}", "█".repeat(12), "░".repeat(12));
            assert_eq!(
                text(&[("A", half)]),
                format!("A {bar} 2 of 4 records (50 %), about 1 s left")
            );
            assert_eq!(
                text(&[("B", unknown)]),
                "B 7 records, of how many is not known yet"
            );
            assert_eq!(text(&[("A", half), ("B", unknown)]), "A 50 % · B 7");
            assert_eq!(text(&[]), "");
            assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
        }
    }
}

#[cfg(not(feature = "progress"))]
mod without_progress {
    use std::io::Write;

    use crate::core::CoreRef;

    /// There are none.
    #[derive(Clone, Debug)]
    pub(crate) enum Bars {}

    impl Bars {
        pub(crate) fn on_terminal() -> Option<Self> {
            None
        }

        pub(crate) fn console(&self) -> Box<dyn Write + Send> {
            match *self {}
        }

        pub(crate) fn draw(self, _: CoreRef) -> Option<Drawing> {
            match self {}
        }
    }

    #[derive(Debug)]
    pub(crate) enum Drawing {}
}
