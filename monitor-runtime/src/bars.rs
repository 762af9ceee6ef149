//! Bars on a terminal for the stages that know how far they are, where this build has them.

#[cfg(feature = "progress")]
pub(crate) use self::with_progress::{Bars, Drawing};
#[cfg(not(feature = "progress"))]
pub(crate) use self::without_progress::{Bars, Drawing};

#[cfg(feature = "progress")]
mod with_progress {
    use std::collections::HashMap;
    use std::io::{self, IsTerminal, Write};
    use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
    use std::thread;
    use std::time::Duration;

    use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

    use crate::core::CoreRef;
    use crate::metrics::stage_progress::StageProgress;

    /// How often they are drawn.
    const PERIOD: Duration = Duration::from_millis(100);
    /// How long the end of a run waits for them to be taken away: a terminal may be stopped.
    const GONE_WITHIN: Duration = Duration::from_millis(500);

    const KNOWN: &str = "{prefix} {bar:32} {human_pos}/{human_len} records{msg}";
    const UNKNOWN: &str = "{prefix} {spinner} {human_pos} records, {elapsed}";

    /// The place on standard error where bars are.
    #[derive(Clone, Debug)]
    pub(crate) struct Bars(MultiProgress);

    impl Bars {
        /// Where standard error is a terminal.
        pub(crate) fn on_terminal() -> Option<Self> {
            io::stderr()
                .is_terminal()
                .then(|| Self(MultiProgress::new()))
        }

        /// Standard error for lines, above the bars.
        pub(crate) fn console(&self) -> Box<dyn Write + Send> {
            Box::new(Above(self.0.clone()))
        }

        /// Has a thread draw them: the calls only count.
        pub(crate) fn draw(self, core: CoreRef) -> Option<Drawing> {
            let (go_on, stopped) = channel();
            let (gone, cleared) = channel();
            let thread = thread::Builder::new().name("monitor-progress".to_owned());
            let draw = move || {
                let mut drawn = Drawn {
                    bars: self.0,
                    of_stages: HashMap::new(),
                };
                while stopped.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                    drawn.show(&core.progress());
                }
                drawn.show(&[]);
                drop(gone);
            };
            thread.spawn(draw).ok()?;
            Some(Drawing {
                go_on: Some(go_on),
                cleared,
            })
        }
    }

    /// Bars that are drawn until this is dropped.
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

    struct Drawn {
        bars: MultiProgress,
        of_stages: HashMap<&'static str, ProgressBar>,
    }

    impl Drawn {
        fn show(&mut self, stages: &[(&'static str, StageProgress)]) {
            let bars = &self.bars;
            self.of_stages.retain(|stage, bar| {
                let is_shown = stages.iter().any(|(shown, _)| shown == stage);
                if !is_shown {
                    bar.finish_and_clear();
                    bars.remove(bar);
                }
                is_shown
            });
            for (stage, progress) in stages {
                let bar = self.of_stages.entry(stage).or_insert_with(|| {
                    let bar = ProgressBar::no_length().with_elapsed(progress.elapsed);
                    bars.add(bar.with_prefix(*stage))
                });
                bar.set_style(style(progress));
                if let Some(total) = progress.total {
                    bar.set_length(total);
                }
                bar.set_message(progress.time_left());
                bar.set_position(progress.done);
                bar.tick();
            }
        }
    }

    fn style(progress: &StageProgress) -> ProgressStyle {
        let template = match progress.total {
            Some(_) => KNOWN,
            None => UNKNOWN,
        };
        // A mistake in the template costs the looks, not the run.
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
    }

    /// The bars are taken away for the time of each line, which would otherwise end up in the
    /// middle of one.
    struct Above(MultiProgress);

    impl Write for Above {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.suspend(|| io::stderr().write(text))
        }

        fn flush(&mut self) -> io::Result<()> {
            io::stderr().flush()
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_templates_are_understood() {
            for template in [KNOWN, UNKNOWN] {
                assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
            }
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
