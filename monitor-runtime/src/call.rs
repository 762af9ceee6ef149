//! One call of a monitored function, from its start to exactly one end.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tracing::span::EnteredSpan;

use crate::attached::Attached;
use crate::core::CoreRef;
use crate::failure::{ErrorText, Outcome};
use crate::fields::FieldValue;
use crate::frame::{self, Frame, Restore};
use crate::ids;
use crate::panics;
use crate::retry::site::RetrySite;
use crate::site::Site;
use crate::watchdog::Watchdog;

pub(crate) type Fields = Vec<(&'static str, FieldValue)>;

/// Which attempt a call is, where a retry loop runs around it. Not `Copy`, so that an
/// async block that uses it owns it.
#[derive(Debug)]
pub struct Attempt {
    /// Counted from 1; 0 where there is no loop.
    pub(crate) number: u32,
    /// Tells an attempt that may be cut off from all others; zero for one that may not.
    pub(crate) id: u64,
    /// The loop around the call.
    pub(crate) retry: Option<&'static RetrySite>,
}

impl Attempt {
    /// No loop runs around the call.
    pub const ONLY: Self = Self {
        number: 0,
        id: 0,
        retry: None,
    };

    /// Its number in the process.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }
}

/// How a call ended.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// With a value.
    Ok,
    /// With an error.
    Error(ErrorText),
    /// With a panic.
    Panic(ErrorText),
    /// With an attempt that was cut off.
    TimedOut(ErrorText),
    /// A future that was dropped before it finished.
    Cancelled,
}

/// What a call counted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    /// Records that it produced.
    pub(crate) records: Option<u64>,
    /// Records that it was given.
    pub(crate) records_in: Option<u64>,
    /// Records that it rejected.
    pub(crate) rejected: Option<u64>,
}

impl Counts {
    /// What was counted after the body.
    pub(crate) fn after(records: Option<u64>, rejected: Option<u64>) -> Self {
        Self {
            records,
            rejected,
            ..Self::default()
        }
    }

    /// Records that were given and neither produced nor rejected; below zero where more
    /// came out than went in. `None` where that was not to be counted.
    pub(crate) fn unaccounted(&self) -> Option<i64> {
        let out = self.records?.saturating_add(self.rejected.unwrap_or(0));
        let difference = i128::from(self.records_in?) - i128::from(out);
        let limit = |_| if difference < 0 { i64::MIN } else { i64::MAX };
        Some(i64::try_from(difference).unwrap_or_else(limit))
    }
}

/// What is known of a call before its body runs.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) fields: Fields,
    pub(crate) records_in: Option<u64>,
    pub(crate) attempt: Attempt,
}

impl Opening {
    pub(crate) const PLAIN: Self = Self {
        fields: Vec::new(),
        records_in: None,
        attempt: Attempt::ONLY,
    };

    pub(crate) fn new<const N: usize>(
        fields: [(&'static str, FieldValue); N],
        records_in: Option<u64>,
        attempt: Attempt,
    ) -> Self {
        Self {
            fields: Vec::from(fields),
            records_in,
            attempt,
        }
    }
}

/// What is known of a call while it runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) site: &'static Site,
    pub(crate) core: CoreRef,
    pub(crate) frame: Frame,
    pub(crate) parent_span: u64,
    pub(crate) outermost: bool,
    pub(crate) opening: Opening,
    pub(crate) started: Instant,
    /// Watches a call that has a limit on its duration.
    pub(crate) watchdog: Option<Watchdog>,
    /// Of a future: how long its polls took, and how many they were.
    pub(crate) polled: Option<(Duration, u32)>,
}

impl Running {
    pub(crate) fn start(site: &'static Site, opening: Opening) -> Self {
        let core = CoreRef::current();
        let around = frame::current();
        if let Some(retry) = opening.attempt.retry {
            retry.runs(site);
        }
        let (path, outermost) = site.last_step.enter(around.path, site.declaration().stage);
        let span = if site.is_visible() {
            ids::span_id()
        } else {
            around.span
        };
        site.stats_in(&core).start(outermost);
        let mut running = Self {
            site,
            core,
            frame: Frame {
                site: Some(site),
                span,
                path,
                ..Frame::default()
            },
            parent_span: around.span,
            outermost,
            opening,
            started: Instant::now(),
            watchdog: None,
            polled: None,
        };
        if site.is_visible() {
            running.core.call_started(&running);
        }
        let limits = |attached: &Arc<Attached>| attached.limits_of(site, outermost).max_duration;
        running.watchdog = running
            .core
            .attached
            .with(limits)
            .flatten()
            .map(|limit| Watchdog::set(&running, limit));
        running
    }

    /// The call is dropped, maybe in the wait for an attempt that does not begin now.
    pub(crate) fn cut_short(&mut self) {
        if let Some(rest) = self.frame.retry.cut_short() {
            self.site.stats_in(&self.core).retry_cut_short(rest);
        }
    }

    pub(crate) fn end(&self, end: End, counts: Counts) {
        let duration = self.started.elapsed();
        let end = &match end {
            End::Error(text) if self.frame.retry.cut => End::TimedOut(text),
            other => other,
        };
        let counts = Counts {
            records_in: self.opening.records_in.filter(|_| matches!(end, End::Ok)),
            ..counts
        };
        self.site
            .stats_in(&self.core)
            .finish(self.outermost, end, &counts, duration);
        self.core.call_ended(self, end, &counts, duration);
    }
}

impl Site {
    /// Starts a call of a sync function.
    pub fn enter(&'static self) -> Call {
        Call::start(self, Opening::PLAIN)
    }

    /// The same with what is known before the body runs.
    pub fn enter_with<const N: usize>(
        &'static self,
        fields: [(&'static str, FieldValue); N],
        records_in: Option<u64>,
        attempt: Attempt,
    ) -> Call {
        Call::start(self, Opening::new(fields, records_in, attempt))
    }
}

/// A running call of a sync function. One that is dropped without an end ends with
/// a panic: there is no other way out.
#[must_use]
#[derive(Debug)]
pub struct Call {
    running: Option<Running>,
    _span: EnteredSpan,
    restore: Option<Restore>,
}

impl Call {
    fn start(site: &'static Site, opening: Opening) -> Self {
        let running = Running::start(site, opening);
        let restore = Restore::after(running.frame);
        let span = site.span(&running.opening.fields);
        Self {
            running: Some(running),
            _span: span.entered(),
            restore: Some(restore),
        }
    }

    /// Ends the call.
    pub fn finish(mut self, outcome: Outcome<'_>) {
        self.end(End::of(&outcome), Counts::default());
    }

    /// Ends a call whose records are counted.
    pub fn finish_counted(
        mut self,
        outcome: Outcome<'_>,
        records: Option<u64>,
        rejected: Option<u64>,
    ) {
        self.end(End::of(&outcome), Counts::after(records, rejected));
    }

    /// Whether something has panicked in this thread since the call began.
    fn saw_a_panic(&self) -> bool {
        let running = self.running.as_ref();
        running.is_some_and(|running| panics::since(running.started).is_some())
    }

    fn end(&mut self, end: End, counts: Counts) {
        if let Some(mut running) = self.running.take() {
            running.frame = frame::current();
            running.end(end, counts);
        }
        self.restore = None;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            let end = End::panicked(running);
            self.end(end, Counts::default());
        }
    }
}

impl Site {
    /// Starts a call of a sync function that cannot fail but by a panic.
    pub fn guard(&'static self) -> Guard {
        Guard::new(self.enter())
    }

    /// The same with what is known before the body runs.
    pub fn guard_with<const N: usize>(
        &'static self,
        fields: [(&'static str, FieldValue); N],
        records_in: Option<u64>,
        attempt: Attempt,
    ) -> Guard {
        Guard::new(self.enter_with(fields, records_in, attempt))
    }
}

/// A running call of a sync function that cannot fail but by a panic: it ends when this
/// is dropped.
#[must_use]
#[derive(Debug)]
pub struct Guard {
    call: Option<Call>,
    /// Whether a panic unwinds already, as around a destructor.
    unwinding: bool,
}

impl Guard {
    fn new(call: Call) -> Self {
        Self {
            call: Some(call),
            unwinding: thread::panicking(),
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let Some(call) = self.call.take() else { return };
        let has_panicked = thread::panicking() && (!self.unwinding || call.saw_a_panic());
        if !has_panicked {
            call.finish(Outcome::Ok);
        }
    }
}

impl End {
    pub(crate) fn of(outcome: &Outcome<'_>) -> Self {
        match outcome {
            Outcome::Ok => Self::Ok,
            Outcome::Failed(failure) => Self::Error(ErrorText::of(failure)),
        }
    }

    pub(crate) fn panicked(running: &Running) -> Self {
        Self::Panic(ErrorText::new(
            panics::last_since(running.started),
            Vec::new(),
        ))
    }
}
