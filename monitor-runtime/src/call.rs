//! One call of a monitored function, from its start to exactly one end.

use std::sync::Arc;
use std::time::Duration;

use tracing::span::Span;

use crate::attached::Attached;
use crate::clock::{Tick, thread};
use crate::core::CoreRef;
use crate::end::{Counts, End};
use crate::frame::{self, Frame, Noted, Path, Restore};
use crate::ids;
use crate::metrics::finished::Finished;
use crate::metrics::kind::{self, Kind};
use crate::metrics::totals::{Records, Times};
use crate::opening::{Opening, PLAIN};
use crate::plain::Plain;
use crate::progress::InCall;
use crate::retry::notes::{self, Notes};
use crate::site::Site;
use crate::watchdog::Watchdog;

/// What few calls have.
#[derive(Debug)]
struct More {
    opening: Opening,
    /// What its loop told.
    notes: Notes,
    /// Watches a call that has a limit on its duration.
    watchdog: Option<Watchdog>,
    /// Of a call that tells how far it is.
    progress: Option<InCall>,
    span: Span,
    /// The span around it in the log; zero for none.
    parent: u64,
}

impl More {
    fn new(opening: Opening, notes: Notes, parent: u64) -> Box<Self> {
        Box::new(Self {
            opening,
            notes,
            watchdog: None,
            progress: None,
            span: Span::none(),
            parent,
        })
    }
}

/// What is known of a call while it runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) site: &'static Site,
    pub(crate) core: CoreRef,
    pub(crate) started: Tick,
    pub(crate) path: Path,
    /// In the log; that around it where it has none, zero for none at all.
    pub(crate) span: u64,
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

impl Running {
    #[inline(always)]
    pub(crate) fn plain(plain: Plain, site: &'static Site, started: Tick) -> Self {
        Self {
            site,
            core: CoreRef::Process,
            started,
            path: plain.path,
            span: plain.span,
            outermost: plain.outermost,
            is_measured: false,
            is_noted: false,
            reads: 0,
            polls: 0,
            busy: 0,
            cpu: 0,
            more: None,
        }
    }

    /// Counts and tells that a call begins inside the current one. Its clock is still to
    /// start.
    #[inline(never)]
    pub(crate) fn start(site: &'static Site, opening: Option<Opening>) -> Self {
        let core = CoreRef::current();
        let around = frame::current();
        let (path, outermost) = site.last_step.enter(around.path, site.declaration().stage);
        let is_measured = site.count_start(&core, outermost);
        let plain = Plain {
            path,
            span: around.span,
            outermost,
        };
        let mut running = Self {
            core,
            is_measured,
            ..Self::plain(plain, site, Tick::NEVER)
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
        let mut more = More::new(opening.unwrap_or(PLAIN), Notes::NONE, self.span);
        if let Some(total) = more.opening.given.total {
            more.progress = Some(InCall::begin(&self.core, site, total));
        }
        self.more = Some(more);
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

    /// It takes the thread: its span and its progress are the current ones.
    pub(crate) fn enter(&mut self) {
        let Some(more) = &mut self.more else { return };
        more.span
            .with_subscriber(|(id, subscriber)| subscriber.enter(id));
        if let Some(progress) = &mut more.progress {
            progress.enter();
        }
    }

    /// It gives the thread back.
    pub(crate) fn leave(&mut self) {
        let Some(more) = &mut self.more else { return };
        if let Some(progress) = &mut more.progress {
            progress.leave();
        }
        more.span
            .with_subscriber(|(id, subscriber)| subscriber.exit(id));
    }

    /// Its span, if somebody wants it.
    #[inline]
    pub(crate) fn span(&self) -> Option<&Span> {
        self.more.as_ref().map(|more| &more.span)
    }

    pub(crate) fn parent_span(&self) -> u64 {
        self.more.as_ref().map_or(0, |more| more.parent)
    }

    /// When its clock started, or will in a moment.
    pub(crate) fn started_or_now(&self) -> Tick {
        if self.started == Tick::NEVER {
            Tick::now()
        } else {
            self.started
        }
    }

    /// Whether the log knows it by a span of its own.
    pub(crate) fn has_span(&self) -> bool {
        self.more
            .as_ref()
            .is_some_and(|more| more.parent != self.span)
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
            None => self.more = Some(More::new(PLAIN, notes, self.span)),
        }
    }

    /// The call is dropped, maybe in the wait for an attempt that does not begin now.
    pub(crate) fn cut_short(&mut self) {
        let more = self.more.as_mut();
        if let Some(rest) = more.and_then(|more| more.notes.cut_short()) {
            self.site.stats_in(&self.core).retry_cut_short(rest);
        }
    }

    /// Whether nothing is known of it but where and when it began.
    #[inline(always)]
    pub(crate) fn is_plain(&self) -> bool {
        self.more.is_none() && !self.is_measured && matches!(self.core, CoreRef::Process)
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

    /// Counts and tells that it ended. Gives what the call around is to know its failure by.
    #[cold]
    #[inline(never)]
    pub(crate) fn end(&self, end: End, counts: Counts, at: Tick) -> u64 {
        let end = match end {
            End::Error(text) if self.notes().cut => End::TimedOut(text),
            other => other,
        };
        let wall = self.count(end.outcome(), counts, at);
        if let Some(text) = end.error() {
            self.site.stats_in(&self.core).failed(&text.error);
        }
        self.tell_end(&end, counts, wall)
    }

    #[inline(never)]
    fn tell_end(&self, end: &End, counts: Counts, wall: u64) -> u64 {
        let counts = self.with_records_in(matches!(end, End::Ok), counts);
        let duration = Duration::from_nanos(wall);
        self.core.call_ended(self, end, &counts, duration)
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
        self.with_records_in(is_ok, counts).to_add()
    }

    /// These counts and what came in, which only a call that succeeded has used up.
    fn with_records_in(&self, is_ok: bool, counts: Counts) -> Counts {
        Counts {
            records_in: self.opening().given.records_in.filter(|_| is_ok),
            ..counts
        }
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
