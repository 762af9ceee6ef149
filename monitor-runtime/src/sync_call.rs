//! A call of a sync function.

use std::thread;

use crate::call::Running;
use crate::clock::{self, Tick};
use crate::end::{Counts, End};
use crate::failure::Outcome;
use crate::fields::FieldValue;
use crate::frame::{self, Frame};
use crate::opening::{Attempt, Opening};
use crate::panics;
use crate::plain::Plain;
use crate::records::Given;
use crate::site::Site;

impl Site {
    /// Starts a call of a sync function.
    pub fn enter(&'static self) -> Call {
        let around = frame::current();
        let Some(plain) = Plain::start(self, &around) else {
            return Call::start(self, None);
        };
        frame::replace(plain.frame(self));
        Call {
            // Last, so that what the start costs is not the call's.
            running: Running::plain(plain, self, Tick::now()),
            around,
            has_ended: false,
        }
    }

    /// The same with what is known before the body runs.
    pub fn enter_with<const N: usize>(
        &'static self,
        fields: [(&'static str, FieldValue); N],
        given: Given,
        attempt: Attempt,
    ) -> Call {
        Call::start(self, Some(Opening::new(fields, given, attempt)))
    }
}

/// A running call of a sync function. One that is dropped without an end ends with
/// a panic: there is no other way out.
#[must_use]
#[derive(Debug)]
pub struct Call {
    running: Running,
    around: Frame,
    has_ended: bool,
}

impl Call {
    #[inline(never)]
    fn start(site: &'static Site, opening: Option<Opening>) -> Self {
        let mut call = Self {
            running: Running::start(site, opening),
            around: frame::current(),
            has_ended: false,
        };
        frame::replace(call.running.frame());
        call.running.enter();
        if call.running.is_measured {
            call.read_cpu();
        }
        // Last, so that what the start costs is not the call's.
        call.running.started = Tick::now();
        call
    }

    #[cold]
    fn read_cpu(&mut self) {
        if let Some(now) = clock::thread::cpu_nanos() {
            self.running.cpu = now;
            self.running.reads = 1;
        }
    }

    /// Ends the call. By reference, since a call is not to be moved: see [`Plain`].
    pub fn finish(&mut self, outcome: Outcome<'_>) {
        let at = Tick::now();
        if !(matches!(outcome, Outcome::Ok) && self.succeed_plainly(at)) {
            self.finish_as(&outcome, Counts::NONE, at);
        }
    }

    /// Ends a call whose records are counted.
    pub fn finish_counted(
        &mut self,
        outcome: Outcome<'_>,
        records: Option<u64>,
        rejected: Option<u64>,
    ) {
        let at = Tick::now();
        self.finish_as(&outcome, Counts::after(records, rejected), at);
    }

    #[inline(always)]
    fn succeed_plainly(&mut self, at: Tick) -> bool {
        if frame::is_noted() || !self.running.succeed_plainly(at) {
            return false;
        }
        self.has_ended = true;
        frame::replace(self.around);
        true
    }

    #[inline(never)]
    fn finish_as(&mut self, outcome: &Outcome<'_>, counts: Counts, at: Tick) {
        self.has_ended = true;
        if frame::is_noted() {
            self.running.keep_notes();
        }
        let failure = match outcome {
            Outcome::Ok => {
                self.running.succeed(counts, at);
                None
            }
            Outcome::Failed(_) => Some(self.running.end(End::of(outcome), counts, at)),
        };
        self.leave();
        if let Some(failure) = failure {
            self.running.core.pass_on(failure);
        }
    }

    #[cold]
    #[inline(never)]
    fn end(&mut self, end: End, counts: Counts, at: Tick) {
        self.has_ended = true;
        if frame::is_noted() {
            self.running.keep_notes();
        }
        let failure = self.running.end(end, counts, at);
        self.leave();
        self.running.core.pass_on(failure);
    }

    fn leave(&mut self) {
        self.running.leave();
        frame::replace(self.around);
    }
}

impl Drop for Call {
    #[inline]
    fn drop(&mut self) {
        if !self.has_ended {
            self.panicked();
        }
    }
}

impl Call {
    #[cold]
    fn panicked(&mut self) {
        let at = Tick::now();
        let end = End::panicked(self.running.started);
        self.end(end, Counts::NONE, at);
    }
}

impl Site {
    /// Starts a call of a sync function that cannot fail but by a panic.
    pub fn guard(&'static self) -> Guard {
        let around = frame::current();
        let unwinding = thread::panicking();
        let Some(plain) = Plain::start(self, &around) else {
            return Guard {
                call: Call::start(self, None),
                unwinding,
            };
        };
        frame::replace(plain.frame(self));
        Guard {
            call: Call {
                running: Running::plain(plain, self, Tick::now()),
                around,
                has_ended: false,
            },
            unwinding,
        }
    }

    /// The same with what is known before the body runs.
    pub fn guard_with<const N: usize>(
        &'static self,
        fields: [(&'static str, FieldValue); N],
        given: Given,
        attempt: Attempt,
    ) -> Guard {
        Guard {
            unwinding: thread::panicking(),
            call: self.enter_with(fields, given, attempt),
        }
    }
}

/// A running call of a sync function that cannot fail but by a panic: it ends when this
/// is dropped.
#[must_use]
#[derive(Debug)]
pub struct Guard {
    call: Call,
    /// Whether a panic unwinds already, as around a destructor.
    unwinding: bool,
}

impl Guard {
    /// Whether something has panicked in this thread since the call began.
    fn saw_a_panic(&self) -> bool {
        panics::since(self.call.running.started).is_some()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let at = Tick::now();
        let has_panicked = thread::panicking() && (!self.unwinding || self.saw_a_panic());
        if !has_panicked && !self.call.succeed_plainly(at) {
            self.call.finish_as(&Outcome::Ok, Counts::NONE, at);
        }
    }
}
