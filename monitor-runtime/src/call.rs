//! One call of a monitored function, from its start to exactly one end.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tracing::span::Span;

use crate::attached::Attached;
use crate::clock::{Tick, thread};
use crate::core::{self, Core, CoreRef};
use crate::failure::{ErrorText, Outcome};
use crate::frame::{self, Frame, Noted, Path, Restore};
use crate::ids;
use crate::metrics::finished::Finished;
use crate::metrics::kind::{self, Kind};
use crate::metrics::totals::{Records, Times};
use crate::opening::{Opening, PLAIN};
use crate::panics;
use crate::retry::notes::{self, Notes};
use crate::site::Site;
use crate::watchdog::Watchdog;

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

    fn outcome(&self) -> kind::Outcome {
        match self {
            Self::Ok => kind::Outcome::Ok,
            Self::Error(_) => kind::Outcome::Error,
            Self::Panic(_) => kind::Outcome::Panic,
            Self::TimedOut(_) => kind::Outcome::Timeout,
            Self::Cancelled => kind::Outcome::Cancelled,
        }
    }

    pub(crate) fn error(&self) -> Option<&ErrorText> {
        match self {
            Self::Error(text) | Self::Panic(text) | Self::TimedOut(text) => Some(text),
            Self::Ok | Self::Cancelled => None,
        }
    }
}

/// What a call counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Records that it produced.
    pub(crate) records: Option<u64>,
    /// Records that it was given.
    pub(crate) records_in: Option<u64>,
    /// Records that it rejected.
    pub(crate) rejected: Option<u64>,
}

impl Counts {
    pub(crate) const NONE: Self = Self {
        records: None,
        records_in: None,
        rejected: None,
    };

    /// What was counted after the body.
    pub(crate) fn after(records: Option<u64>, rejected: Option<u64>) -> Self {
        Self {
            records,
            rejected,
            ..Self::NONE
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

    /// For the sums, where there is something to add.
    fn to_add(self) -> Option<Records> {
        if self == Self::NONE {
            return None;
        }
        let unaccounted = self.unaccounted().unwrap_or(0);
        Some(Records {
            produced: self.records.unwrap_or(0),
            given: self.records_in.unwrap_or(0),
            rejected: self.rejected.unwrap_or(0),
            missing: u64::try_from(unaccounted).unwrap_or(0),
            surplus: unaccounted.min(0).unsigned_abs(),
        })
    }
}

/// What few calls have.
#[derive(Debug)]
struct More {
    opening: Opening,
    /// What its loop told.
    notes: Notes,
    /// Watches a call that has a limit on its duration.
    watchdog: Option<Watchdog>,
    span: Span,
    /// The span around it in the log; zero for none.
    parent: u64,
}

/// What is known of a call while it runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) site: &'static Site,
    pub(crate) core: CoreRef,
    pub(crate) started: Tick,
    path: Path,
    /// In the log; that around it where it has none, zero for none at all.
    span: u64,
    pub(crate) outermost: bool,
    /// Whether its CPU time is measured.
    pub(crate) is_measured: bool,
    is_noted: bool,
    /// How often that was read: each time twice.
    pub(crate) reads: u32,
    /// Of a future: how many polls there were, and how long they took in nanoseconds.
    pub(crate) polls: u32,
    pub(crate) busy: u64,
    /// Of a sync call, the thread's CPU time at its start; of a future, that in its polls.
    pub(crate) cpu: u64,
    more: Option<Box<More>>,
}

/// Where a call is that nothing is to be told of: most calls of short functions.
///
/// Their way is written out beside the general one, and makes no value that is moved: a
/// processor waits when it reads what it has just written in other pieces.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain {
    path: Path,
    span: u64,
    outermost: bool,
}

impl Plain {
    /// Of a call that has not begun.
    pub(crate) const NOWHERE: Self = Self {
        path: Path::ROOT,
        span: 0,
        outermost: false,
    };

    /// Counts that a call begins, if nothing else is to be done.
    #[inline(always)]
    pub(crate) fn start(site: &'static Site, around: &Frame) -> Option<Self> {
        if !CoreRef::is_process() || site.is_told(core::process()) {
            return None;
        }
        let (path, outermost) = site.last_step.enter(around.path, site.declaration().stage);
        site.count_plain_start(outermost).then_some(Self {
            path,
            span: around.span,
            outermost,
        })
    }

    /// The frame of what is inside of it.
    #[inline(always)]
    pub(crate) fn frame(self, site: &'static Site) -> Frame {
        Frame {
            site: Some(site),
            span: self.span,
            path: self.path,
            noted: Noted::NO,
        }
    }

    #[inline(always)]
    pub(crate) fn running(self, site: &'static Site, started: Tick) -> Running {
        Running {
            site,
            core: CoreRef::Process,
            started,
            path: self.path,
            span: self.span,
            outermost: self.outermost,
            is_measured: false,
            is_noted: false,
            reads: 0,
            polls: 0,
            busy: 0,
            cpu: 0,
            more: None,
        }
    }
}

impl Site {
    /// Whether a call may have something to tell at its start.
    #[inline(always)]
    fn is_told(&self, core: &Core) -> bool {
        let attachment = core.attached.number();
        attachment != 0 && !self.is_unlimited(attachment) || self.is_shown(core, attachment)
    }

    /// Whether somebody may want to see its lines and its span.
    #[inline(always)]
    fn is_shown(&self, core: &Core, attachment: u64) -> bool {
        let is_wanted = || self.is_listened_to() || core.left_unused.load(Ordering::Relaxed);
        self.is_visible() && (attachment != 0 || is_wanted())
    }
}

impl Running {
    /// Counts and tells that a call begins inside the current one. Its clock is still to
    /// start.
    #[inline(never)]
    pub(crate) fn start(site: &'static Site, opening: Option<Opening>) -> Self {
        let core = CoreRef::current();
        let around = frame::current();
        let (path, outermost) = site.last_step.enter(around.path, site.declaration().stage);
        let is_measured = site.count_start(&core, outermost);
        let mut running = Self {
            core,
            is_measured,
            ..Plain {
                path,
                span: around.span,
                outermost,
            }
            .running(site, Tick::NEVER)
        };
        if opening.is_some() || site.is_told(&running.core) {
            running.tell_start(opening);
        }
        running
    }

    /// What the start of a call says, where it may say something.
    #[cold]
    #[inline(never)]
    fn tell_start(&mut self, opening: Option<Opening>) {
        let site = self.site;
        let attempt = opening.as_ref().map(|opening| &opening.attempt);
        if let Some(retry) = attempt.and_then(|attempt| attempt.retry) {
            retry.runs(site);
        }
        self.more = Some(Box::new(More {
            opening: opening.unwrap_or(PLAIN),
            notes: Notes::NONE,
            watchdog: None,
            span: Span::none(),
            parent: self.span,
        }));
        let attachment = self.core.attached.number();
        if site.is_shown(&self.core, attachment) {
            self.span = ids::span_id();
            self.core.call_started(self);
            // What is inside of its span is inside of the call.
            let restore = Restore::after(self.frame());
            let span = site.span(&self.opening().fields);
            drop(restore);
            if let Some(more) = &mut self.more {
                more.span = span;
            }
        }
        if attachment != 0 && !site.is_unlimited(attachment) {
            self.watch(attachment);
        }
    }

    /// Has somebody look at the time, where the call has a limit on it.
    #[cold]
    fn watch(&mut self, attachment: u64) {
        let (site, outermost) = (self.site, self.outermost);
        let limits = |attached: &Arc<Attached>| attached.limits_of(site, outermost);
        let limits = self.core.attached.with(limits);
        match limits.map(|limits| limits.max_duration) {
            Some(Some(limit)) => {
                let watchdog = Watchdog::set(self, limit);
                if let Some(more) = &mut self.more {
                    more.watchdog = Some(watchdog);
                }
            }
            // A call that is not outermost has no limit that such a one has not.
            Some(None) if outermost => site.set_unlimited(attachment),
            _ => {}
        }
    }

    pub(crate) fn opening(&self) -> &Opening {
        static NOTHING: Opening = PLAIN;
        self.more.as_ref().map_or(&NOTHING, |more| &more.opening)
    }

    pub(crate) fn watchdog(&self) -> Option<&Watchdog> {
        self.more.as_ref()?.watchdog.as_ref()
    }

    /// Its span, if somebody wants it.
    #[inline]
    pub(crate) fn span(&self) -> Option<&Span> {
        self.more.as_ref().map(|more| &more.span)
    }

    pub(crate) fn parent_span(&self) -> u64 {
        self.more.as_ref().map_or(0, |more| more.parent)
    }

    /// What its loop told.
    pub(crate) fn notes(&self) -> &Notes {
        self.more.as_ref().map_or(&Notes::NONE, |more| &more.notes)
    }

    /// The frame of what is inside of it.
    #[inline]
    pub(crate) fn frame(&self) -> Frame {
        Frame {
            site: Some(self.site),
            span: self.span,
            path: self.path,
            noted: Noted::NO,
        }
    }

    /// Makes its frame the current one, with the notes that its loop left in earlier polls.
    #[inline]
    pub(crate) fn resume(&self) {
        let mut frame = self.frame();
        if let Some(more) = &self.more
            && self.is_noted
        {
            notes::push(more.notes);
            frame.noted = Noted::YES;
        }
        frame::replace(frame);
    }

    /// Keeps the notes that its loop left with the current frame.
    #[cold]
    pub(crate) fn keep_notes(&mut self) {
        let notes = notes::pop();
        self.is_noted = true;
        match &mut self.more {
            Some(more) => more.notes = notes,
            None => {
                self.more = Some(Box::new(More {
                    opening: PLAIN,
                    notes,
                    watchdog: None,
                    span: Span::none(),
                    parent: self.span,
                }));
            }
        }
    }

    /// The call is dropped, maybe in the wait for an attempt that does not begin now.
    pub(crate) fn cut_short(&mut self) {
        let more = self.more.as_mut();
        if let Some(rest) = more.and_then(|more| more.notes.cut_short()) {
            self.site.stats_in(&self.core).retry_cut_short(rest);
        }
    }

    /// Makes it the call `plain`, where it was none of which more is known.
    #[inline(always)]
    pub(crate) fn restart(&mut self, plain: Plain) {
        self.path = plain.path;
        self.span = plain.span;
        self.outermost = plain.outermost;
        self.polls = 0;
        self.busy = 0;
    }

    /// Whether nothing is known of it but where and when it began.
    #[inline(always)]
    pub(crate) fn is_plain(&self) -> bool {
        self.more.is_none() && !self.is_measured && matches!(self.core, CoreRef::Process)
    }

    /// Counts that it succeeded, if nothing else is to be done.
    #[inline(always)]
    pub(crate) fn succeed_plainly(&self, at: Tick) -> bool {
        if !self.is_plain() {
            return false;
        }
        // Somebody may have begun to listen while it ran.
        if self.site.is_visible() && !core::process().attached.is_empty() {
            return false;
        }
        let wall = at.nanos_since(self.started);
        let idle = if self.polls == 0 {
            0
        } else {
            wall.saturating_sub(self.busy)
        };
        self.site.count_success(self.outermost, wall, idle, at)
    }

    /// Counts and tells that it succeeded.
    #[inline(never)]
    pub(crate) fn succeed(&self, counts: Counts, at: Tick) {
        let wall = self.count(kind::Outcome::Ok, counts, at);
        // What has no line may have crossed a limit.
        let attachment = self.core.attached.number();
        let has_limits = || self.more.is_some() || counts != Counts::NONE;
        if attachment != 0 && has_limits() || self.site.is_shown(&self.core, attachment) {
            self.tell_end(&End::Ok, counts, wall);
        }
    }

    /// Counts and tells that it ended.
    #[cold]
    #[inline(never)]
    pub(crate) fn end(&self, end: End, counts: Counts, at: Tick) {
        let end = match end {
            End::Error(text) if self.notes().cut => End::TimedOut(text),
            other => other,
        };
        let wall = self.count(end.outcome(), counts, at);
        if let Some(text) = end.error() {
            self.site.stats_in(&self.core).failed(&text.error);
        }
        self.tell_end(&end, counts, wall);
    }

    #[inline(never)]
    fn tell_end(&self, end: &End, counts: Counts, wall: u64) {
        let is_ok = matches!(end, End::Ok);
        let counts = Counts {
            records_in: self.opening().records_in.filter(|_| is_ok),
            ..counts
        };
        let duration = Duration::from_nanos(wall);
        self.core.call_ended(self, end, &counts, duration);
    }

    /// Counts the end, and gives how long the call took in nanoseconds.
    fn count(&self, outcome: kind::Outcome, counts: Counts, at: Tick) -> u64 {
        let wall = at.nanos_since(self.started);
        let is_sync = self.polls == 0;
        let busy = if is_sync { wall } else { self.busy.min(wall) };
        let cpu = self.is_measured.then(|| self.cpu_time(busy));
        let has_counts = self.more.is_some() || counts != Counts::NONE;
        let records = has_counts.then(|| self.records(outcome, counts));
        self.site.count_end(
            &self.core,
            &Finished {
                kind: Kind::new(outcome, self.outermost),
                times: Times {
                    wall,
                    busy,
                    cpu: cpu.flatten(),
                },
                reads: self.reads,
                records: records.flatten(),
                at,
            },
        );
        wall
    }

    #[cold]
    fn records(&self, outcome: kind::Outcome, counts: Counts) -> Option<Records> {
        let is_ok = outcome == kind::Outcome::Ok;
        let records_in = self.opening().records_in.filter(|_| is_ok);
        Counts {
            records_in,
            ..counts
        }
        .to_add()
    }

    /// The CPU time of a call. It cannot be longer than the time that passed, but for the
    /// time that reading it took.
    #[cold]
    fn cpu_time(&self, busy: u64) -> Option<u64> {
        if self.reads == 0 {
            return None;
        }
        if self.polls > 0 {
            return Some(self.cpu.min(busy));
        }
        thread::cpu_nanos().map(|now| now.saturating_sub(self.cpu).min(busy))
    }
}
