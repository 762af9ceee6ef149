//! A call that is what a future does: it starts with the first poll, and a future that
//! is never polled is no call.

use std::future::Future;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use pin_project_lite::pin_project;
use tracing::span::Span;

use crate::call::{Attempt, Counts, End, Opening, Running};
use crate::core::Scope;
use crate::failure::{ErrorText, Outcome};
use crate::fields::FieldValue;
use crate::frame::{self, Restore};
use crate::retry::within;
use crate::site::Site;

impl Site {
    /// A call of an async function.
    pub fn enter_async(&'static self) -> AsyncCall {
        AsyncCall::new(self, Opening::PLAIN)
    }

    /// The same with what is known before the body runs.
    pub fn enter_async_with<const N: usize>(
        &'static self,
        fields: [(&'static str, FieldValue); N],
        records_in: Option<u64>,
        attempt: Attempt,
    ) -> AsyncCall {
        AsyncCall::new(self, Opening::new(fields, records_in, attempt))
    }
}

/// A call of an async function, not tied to a thread. In a box, so that a future grows
/// by a pointer.
#[must_use]
#[derive(Debug)]
pub struct AsyncCall(Box<State>);

#[derive(Debug)]
struct State {
    site: &'static Site,
    /// Until the first poll.
    opening: Option<Opening>,
    running: Option<Running>,
    span: Span,
    /// Set while the body is being polled. A future that is dropped with it set
    /// panicked; without, it was cancelled, even if something else is unwinding.
    polling: bool,
}

/// What is inside is not looked at after a panic, but to say that there was one.
impl UnwindSafe for AsyncCall {}
impl RefUnwindSafe for AsyncCall {}

impl AsyncCall {
    fn new(site: &'static Site, opening: Opening) -> Self {
        Self(Box::new(State {
            site,
            opening: Some(opening),
            running: None,
            span: Span::none(),
            polling: false,
        }))
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

    fn end(&mut self, end: End, counts: Counts) {
        if let Some(running) = self.0.running.take() {
            let _entered = self.0.span.enter();
            let _restore = Restore::after(running.frame);
            let _scope = running.core.scope();
            running.end(end, counts);
        }
    }

    /// The call takes the thread for one poll of its body. Not generic over the body: this
    /// would be compiled for each function.
    #[inline(never)]
    fn enter(&mut self) -> Polling<'_> {
        let state = &mut *self.0;
        if let Some(opening) = state.opening.take() {
            state.start(opening);
        }
        let (frame, scope) = match &state.running {
            Some(running) => (running.frame, running.core.scope()),
            // It has ended: there is nothing left to watch.
            None => (frame::current(), None),
        };
        state.polling = true;
        let restore = Restore::after(frame);
        state
            .span
            .with_subscriber(|(id, subscriber)| subscriber.enter(id));
        Polling {
            state,
            restore: Some(restore),
            _scope: scope,
            began: Instant::now(),
        }
    }
}

/// The time of one poll. Ends when it is dropped, also when the body unwinds.
struct Polling<'c> {
    state: &'c mut State,
    restore: Option<Restore>,
    _scope: Option<Scope>,
    began: Instant,
}

impl Polling<'_> {
    /// The body has come back.
    #[inline(never)]
    fn leave(self) {
        self.state.polling = false;
    }
}

impl Drop for Polling<'_> {
    #[inline(never)]
    fn drop(&mut self) {
        let took = self.began.elapsed();
        if let Some(running) = &mut self.state.running {
            running.frame = frame::current();
            let (busy, polls) = running.polled.unwrap_or((Duration::ZERO, 0));
            running.polled = Some((busy.saturating_add(took), polls.saturating_add(1)));
        }
        self.state
            .span
            .with_subscriber(|(id, subscriber)| subscriber.exit(id));
        self.restore = None;
    }
}

impl State {
    fn start(&mut self, opening: Opening) {
        let running = Running::start(self.site, opening);
        let _restore = Restore::after(running.frame);
        self.span = self.site.span(&running.opening.fields);
        self.running = Some(running);
    }
}

impl Drop for AsyncCall {
    fn drop(&mut self) {
        let polling = self.0.polling;
        if let Some(running) = &mut self.0.running {
            let end = match within::is_cut_off(&running.opening.attempt) {
                _ if polling => End::panicked(running),
                Some(error) => End::TimedOut(ErrorText::new(error.to_string(), Vec::new())),
                None => {
                    running.cut_short();
                    End::Cancelled
                }
            };
            self.end(end, Counts::default());
        }
    }
}

pin_project! {
    /// Runs the body of an async function as part of its call.
    #[must_use = "futures do nothing unless polled"]
    pub struct Follow<F> {
        #[pin]
        body: F,
        // Declared after the body, so that on cancellation the calls inside are
        // dropped, and reported, first.
        call: Option<AsyncCall>,
    }
}

// Whether a function may be used after a panic is told by its arguments, which its
// future holds beside this. That the body borrows them must not change the answer.
impl<F> UnwindSafe for Follow<F> {}
impl<F> RefUnwindSafe for Follow<F> {}

impl<F> Follow<F> {
    pub(crate) fn new(call: AsyncCall, body: F) -> Self {
        Self {
            body,
            call: Some(call),
        }
    }
}

impl<F: Future> Future for Follow<F> {
    type Output = (F::Output, AsyncCall);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(call) = this.call.as_mut() else {
            // Polled after it was ready, which no executor does.
            return Poll::Pending;
        };
        let polling = call.enter();
        let polled = this.body.poll(cx);
        polling.leave();
        let value = ready!(polled);
        match this.call.take() {
            Some(call) => Poll::Ready((value, call)),
            None => Poll::Pending,
        }
    }
}

pin_project! {
    /// The future that a function returns, as a call: `finish` ends it.
    #[must_use = "futures do nothing unless polled"]
    pub struct Watched<F, T, E> {
        #[pin]
        future: F,
        call: Option<(AsyncCall, E)>,
        // Named, so that a future of another type is one error and not three.
        gives: PhantomData<fn() -> T>,
    }
}

impl<F, T, E> Watched<F, T, E> {
    pub(crate) fn new(call: AsyncCall, future: F, finish: E) -> Self {
        Self {
            future,
            call: Some((call, finish)),
            gives: PhantomData,
        }
    }
}

impl<T, F: Future<Output = T>, E: FnOnce(AsyncCall, &T)> Future for Watched<F, T, E> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let this = self.project();
        let Some((call, _)) = this.call.as_mut() else {
            // Polled after it was ready: what the future makes of that is its own affair.
            return this.future.poll(cx);
        };
        let polling = call.enter();
        let polled = this.future.poll(cx);
        polling.leave();
        let value = ready!(polled);
        if let Some((call, finish)) = this.call.take() {
            finish(call, &value);
        }
        Poll::Ready(value)
    }
}
