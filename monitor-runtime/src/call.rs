//! One call of a monitored function, from its start to exactly one end.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use pin_project_lite::pin_project;
use tracing::span::{EnteredSpan, Span};

use crate::core::CoreRef;
use crate::failure::{ErrorText, Outcome};
use crate::fields::FieldValue;
use crate::frame::{self, Frame, Restore};
use crate::ids;
use crate::panics;
use crate::retry::site::RetrySite;
use crate::site::Site;

type Fields = Vec<(&'static str, FieldValue)>;

/// Which attempt a call is, where a retry loop runs around it. Not `Copy`, so that an
/// async block that uses it owns it.
#[derive(Debug)]
pub struct Attempt {
    /// Counted from 1; 0 where there is no loop.
    pub(crate) number: u32,
    /// Whether no other attempt follows: only then is a failure final.
    pub(crate) last: bool,
    /// The loop around the call.
    pub(crate) retry: Option<&'static RetrySite>,
}

impl Attempt {
    /// No loop runs around the call.
    pub const ONLY: Self = Self {
        number: 0,
        last: true,
        retry: None,
    };
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
    /// A future that was dropped before it finished.
    Cancelled,
}

/// What is known of a call while it runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) site: &'static Site,
    pub(crate) core: CoreRef,
    pub(crate) frame: Frame,
    pub(crate) parent_span: u64,
    pub(crate) outermost: bool,
    pub(crate) fields: Fields,
    pub(crate) attempt: Attempt,
    pub(crate) started: Instant,
}

impl Running {
    fn start(site: &'static Site, fields: Fields, attempt: Attempt) -> Self {
        let core = CoreRef::current();
        let around = frame::current();
        if let Some(retry) = attempt.retry {
            retry.runs(site);
        }
        let (path, outermost) = around.path.enter(site.declaration().stage);
        let span = if site.is_visible() {
            ids::span_id()
        } else {
            around.span
        };
        site.stats_in(&core).start(outermost);
        let running = Self {
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
            fields,
            attempt,
            started: Instant::now(),
        };
        if site.is_visible() {
            running.core.call_started(&running);
        }
        running
    }

    fn end(&self, end: &End, records: Option<u64>) {
        let duration = self.started.elapsed();
        self.site
            .stats_in(&self.core)
            .finish(self.outermost, end, records, duration);
        self.core.call_ended(self, end, records, duration);
    }
}

impl Site {
    /// Starts a call of a sync function.
    pub fn enter<const N: usize>(
        &'static self,
        fields: [(&'static str, FieldValue); N],
        attempt: Attempt,
    ) -> Call {
        let running = Running::start(self, Vec::from(fields), attempt);
        let restore = Restore::after(running.frame);
        let span = self.span(&running.fields);
        Call {
            running: Some(running),
            _span: span.entered(),
            restore: Some(restore),
        }
    }

    /// Starts a call of an async function.
    pub fn enter_async<const N: usize>(
        &'static self,
        fields: [(&'static str, FieldValue); N],
        attempt: Attempt,
    ) -> AsyncCall {
        let running = Running::start(self, Vec::from(fields), attempt);
        let span = {
            let _restore = Restore::after(running.frame);
            self.span(&running.fields)
        };
        AsyncCall(Box::new(AsyncState {
            running: Some(running),
            span,
            polling: false,
        }))
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
    /// Ends the call.
    pub fn finish(mut self, outcome: Outcome<'_>, records: Option<u64>) {
        self.end(&End::of(&outcome), records);
    }

    fn end(&mut self, end: &End, records: Option<u64>) {
        if let Some(mut running) = self.running.take() {
            running.frame = frame::current();
            running.end(end, records);
        }
        self.restore = None;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            let end = End::panicked(running);
            self.end(&end, None);
        }
    }
}

impl End {
    fn of(outcome: &Outcome<'_>) -> Self {
        match outcome {
            Outcome::Ok => Self::Ok,
            Outcome::Failed(failure) => Self::Error(ErrorText::of(failure)),
        }
    }

    fn panicked(running: &Running) -> Self {
        Self::Panic(ErrorText::new(
            panics::last_since(running.started),
            Vec::new(),
        ))
    }
}

/// A running call of an async function, not tied to a thread.
#[must_use]
#[derive(Debug)]
pub struct AsyncCall(Box<AsyncState>);

#[derive(Debug)]
struct AsyncState {
    running: Option<Running>,
    span: Span,
    /// Set while the body is being polled. A future that is dropped with it set
    /// panicked; without, it was cancelled, even if something else is unwinding.
    polling: bool,
}

impl AsyncCall {
    /// Ends the call.
    pub fn finish(mut self, outcome: Outcome<'_>, records: Option<u64>) {
        self.end(&End::of(&outcome), records);
    }

    fn end(&mut self, end: &End, records: Option<u64>) {
        if let Some(running) = self.0.running.take() {
            let _entered = self.0.span.enter();
            let _restore = Restore::after(running.frame);
            let _scope = running.core.scope();
            running.end(end, records);
        }
    }

    fn frame(&self) -> Frame {
        self.0
            .running
            .as_ref()
            .map_or_else(Frame::default, |running| running.frame)
    }
}

impl Drop for AsyncCall {
    fn drop(&mut self) {
        if let Some(running) = &self.0.running {
            let end = if self.0.polling {
                End::panicked(running)
            } else {
                End::Cancelled
            };
            self.end(&end, None);
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
            let restore = Restore::after(call.frame());
            let _scope = call
                .0
                .running
                .as_ref()
                .and_then(|running| running.core.scope());
            call.0.polling = true;
            let entered = call.0.span.enter();
            let polled = this.body.poll(cx);
            drop(entered);
            call.0.polling = false;
            let frame = restore.now();
            if let Some(running) = &mut call.0.running {
                running.frame = frame;
            }
            polled
        };
        match (polled, this.call.take()) {
            (Poll::Ready(value), Some(call)) => Poll::Ready((value, call)),
            (_, call) => {
                *this.call = call;
                Poll::Pending
            }
        }
    }
}
