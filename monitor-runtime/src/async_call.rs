//! A call that is what a future does: it starts with the first poll, and a future that
//! is never polled is no call.

use std::cell::Cell;
use std::panic::{RefUnwindSafe, UnwindSafe};

use tracing::span::Span;

use crate::call::Running;
use crate::clock::{Tick, thread};
use crate::core::Scope;
use crate::end::{Counts, End};
use crate::failure::{ErrorText, Outcome};
use crate::fields::FieldValue;
use crate::frame::{self, Frame, Restore};
use crate::opening::{Attempt, Opening};
use crate::plain::Plain;
use crate::records::Given;
use crate::retry::within;
use crate::site::Site;

impl Site {
    /// A call of an async function.
    pub fn enter_async(&'static self) -> AsyncCall {
        AsyncCall(Some(State::new(self)))
    }

    /// The same with what is known before the body runs.
    pub fn enter_async_with<const N: usize>(
        &'static self,
        fields: [(&'static str, FieldValue); N],
        given: Given,
        attempt: Attempt,
    ) -> AsyncCall {
        let mut state = State::new(self);
        state.opening = Some(Box::new(Opening::new(fields, given, attempt)));
        AsyncCall(Some(state))
    }
}

/// A call of an async function, not tied to a thread. In a box, so that a future grows
/// by a pointer. None but after its end.
#[must_use]
#[derive(Debug)]
pub struct AsyncCall(Option<Box<State>>);

#[derive(Debug)]
struct State {
    running: Running,
    /// Until the first poll.
    opening: Option<Box<Opening>>,
    /// Of the poll that is under way: the frame around it, when it began, and where it is
    /// measured, the CPU time of the thread then.
    around: Frame,
    scope: Option<Scope>,
    began: Tick,
    cpu: Option<u64>,
    /// The end of the last poll.
    last: Tick,
    progress: Progress,
    /// Set while the body is being polled. A future that is dropped with it set
    /// panicked; without, it was cancelled, even if something else is unwinding.
    polling: bool,
    /// Below it, where it waits to be used again, and how many those are.
    next: Option<Box<State>>,
    below: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Waiting,
    Running,
    Ended,
}

/// What is inside is not looked at after a panic, but to say that there was one.
impl UnwindSafe for AsyncCall {}
impl RefUnwindSafe for AsyncCall {}

thread_local! {
    /// Boxes of calls that have ended: an allocation would cost as much as all else.
    static SPARE: Cell<Option<Box<State>>> = const { Cell::new(None) };
}

/// How many are kept.
const SPARES: u8 = 32;

impl State {
    fn new(site: &'static Site) -> Box<Self> {
        let spare = SPARE.try_with(|spare| {
            let mut state = spare.take()?;
            spare.set(state.next.take());
            state.running.site = site;
            state.progress = Progress::Waiting;
            Some(state)
        });
        spare
            .ok()
            .flatten()
            .unwrap_or_else(|| Self::allocated(site))
    }

    #[cold]
    fn allocated(site: &'static Site) -> Box<Self> {
        Box::new(Self {
            running: Running::plain(Plain::NOWHERE, site, Tick::NEVER),
            opening: None,
            around: Frame::default(),
            scope: None,
            began: Tick::NEVER,
            cpu: None,
            last: Tick::NEVER,
            progress: Progress::Waiting,
            polling: false,
            next: None,
            below: 0,
        })
    }

    /// Keeps the box of a call that told nothing.
    fn keep(mut self: Box<Self>) {
        let _ = SPARE.try_with(|spare| {
            let next = spare.take();
            let below = next.as_ref().map_or(0, |next| next.below + 1);
            if below < SPARES {
                (self.next, self.below) = (next, below);
                spare.set(Some(self));
            } else {
                spare.set(next);
            }
        });
    }
}

impl AsyncCall {
    /// Ends the call.
    pub fn finish(self, outcome: Outcome<'_>) {
        self.finish_as(&outcome, Counts::NONE);
    }

    /// Ends a call whose records are counted.
    pub fn finish_counted(self, outcome: Outcome<'_>, records: Option<u64>, rejected: Option<u64>) {
        self.finish_as(&outcome, Counts::after(records, rejected));
    }

    #[inline(always)]
    fn finish_as(mut self, outcome: &Outcome<'_>, counts: Counts) {
        let Some(mut state) = self.0.take() else {
            return;
        };
        if state.progress == Progress::Running
            && matches!(outcome, Outcome::Ok)
            && counts == Counts::NONE
            && state.running.succeed_plainly(state.last)
        {
            state.keep();
        } else {
            state.end(End::of(outcome), counts, state.last);
        }
    }

    /// The call takes the thread for one poll of its body. Not generic over the body: this
    /// would be compiled for each function.
    #[inline(never)]
    pub(crate) fn enter(&mut self) -> Polling<'_> {
        let mut state = self.0.as_deref_mut();
        if let Some(state) = &mut state {
            state.enter();
        }
        Polling(state)
    }
}

/// The time of one poll. Ends when it is dropped, also when the body unwinds.
pub(crate) struct Polling<'c>(Option<&'c mut State>);

impl Polling<'_> {
    /// The body has come back.
    #[inline]
    pub(crate) fn came_back(&mut self) {
        if let Some(state) = &mut self.0 {
            state.polling = false;
        }
    }
}

impl Drop for Polling<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(state) = &mut self.0 {
            state.leave();
        }
    }
}

impl State {
    #[inline(always)]
    fn enter(&mut self) {
        self.polling = true;
        self.around = frame::current();
        let site = self.running.site;
        if self.progress == Progress::Waiting
            && self.opening.is_none()
            && let Some(plain) = Plain::start(site, &self.around)
        {
            self.progress = Progress::Running;
            self.running.restart(plain);
            frame::replace(plain.frame(site));
            self.began = Tick::now();
            self.running.started = self.began;
        } else {
            self.enter_again();
        }
    }

    #[inline(never)]
    fn enter_again(&mut self) {
        let is_first = self.progress == Progress::Waiting;
        if is_first {
            self.progress = Progress::Running;
            let opening = self.opening.take().map(|opening| *opening);
            self.running = Running::start(self.running.site, opening);
        }
        // One that has ended is not watched any more.
        if self.progress == Progress::Running {
            self.running.resume();
            if !self.running.is_plain() {
                self.scope = self.running.core.scope();
                self.cpu = self.running.poll_begins();
            }
            self.began = Tick::now();
            if is_first {
                self.running.started = self.began;
            }
        }
    }

    #[inline(never)]
    fn leave(&mut self) {
        if self.progress == Progress::Running {
            let now = Tick::now();
            self.last = now;
            let took = now.nanos_since(self.began);
            let running = &mut self.running;
            running.busy = running.busy.saturating_add(took);
            running.polls = running.polls.saturating_add(1);
            if frame::is_noted() {
                running.keep_notes();
            }
            if !running.is_plain() {
                self.leave_told(took);
            }
        }
        frame::replace(self.around);
    }
}

impl State {
    #[inline(never)]
    fn leave_told(&mut self, took: u64) {
        self.running.poll_ends(self.cpu.take(), took);
        self.scope = None;
    }

    #[inline(never)]
    fn end(&mut self, end: End, counts: Counts, at: Tick) {
        if self.progress != Progress::Running {
            return;
        }
        self.progress = Progress::Ended;
        let running = &self.running;
        let failure = {
            let _entered = running.span().map(Span::enter);
            let _restore = Restore::after(running.frame());
            let _scope = running.core.scope();
            match end {
                End::Ok => {
                    running.succeed(counts, at);
                    None
                }
                _ => Some(running.end(end, counts, at)),
            }
        };
        if let Some(failure) = failure {
            running.core.pass_on(failure);
        }
    }

    #[cold]
    fn dropped(&mut self) {
        if self.progress == Progress::Running {
            let running = &mut self.running;
            let end = match within::is_cut_off(&running.opening().attempt) {
                _ if self.polling => End::panicked(running.started),
                Some(error) => End::TimedOut(ErrorText::new(error.to_string(), Vec::new())),
                None => {
                    running.cut_short();
                    End::Cancelled
                }
            };
            self.end(end, Counts::NONE, Tick::now());
        }
    }
}

impl Running {
    /// What a poll begins with, beside the clock.
    fn poll_begins(&mut self) -> Option<u64> {
        self.enter();
        self.is_measured.then(thread::cpu_nanos).flatten()
    }

    /// What it ends with; it took so long.
    fn poll_ends(&mut self, cpu: Option<u64>, took: u64) {
        if let Some(before) = cpu {
            let used = thread::cpu_nanos().map_or(0, |now| now.saturating_sub(before));
            self.cpu = self.cpu.saturating_add(used.min(took));
            self.reads = self.reads.saturating_add(1);
        }
        self.leave();
    }
}

impl Drop for AsyncCall {
    #[inline]
    fn drop(&mut self) {
        if let Some(state) = &mut self.0 {
            state.dropped();
        }
    }
}
