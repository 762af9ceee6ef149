//! Futures that run as calls.

use std::future::Future;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::async_call::AsyncCall;

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
        let polled = {
            let mut polling = call.enter();
            let polled = this.body.poll(cx);
            polling.came_back();
            polled
        };
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
        let polled = {
            let mut polling = call.enter();
            let polled = this.future.poll(cx);
            polling.came_back();
            polled
        };
        let value = ready!(polled);
        if let Some((call, finish)) = this.call.take() {
            finish(call, &value);
        }
        Poll::Ready(value)
    }
}
