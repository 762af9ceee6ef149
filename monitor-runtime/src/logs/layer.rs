//! The application's own `tracing` events, in the same file and shape, with the
//! stage in which they happened; and the current call, carried along by spans.

use std::cell::RefCell;

use tracing::span::{Attributes, Id, Record as Values};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, Scope, SpanRef};

use super::event::{AppEvent, VisitSpan};
use super::filter::is_of_a_call;
use super::record::{Data, LineLevel, Record};
use super::span::{Recorded, SpanFields};
use crate::core::CoreRef;
use crate::desk::Origin;
use crate::frame::{self, Frame, Noted};
use crate::retry::notes;

/// Events of the library itself: its lines are already in the log.
pub(crate) const OWN_TARGET: &str = "monitor_runtime::stage";

/// Writes the application's events to the log of the running monitor, and keeps
/// the current stage with a span, also into tasks that it follows.
#[derive(Debug, Default)]
pub struct MonitorLayer(());

/// A layer for a `tracing_subscriber::Registry` of your own. Where
/// [`Monitor`](crate::Monitor) can install its subscriber, it does so itself.
///
/// ```
/// use tracing_subscriber::layer::SubscriberExt;
///
/// let subscriber = tracing_subscriber::registry().with(monitor_runtime::layer());
/// # drop(subscriber);
/// ```
#[must_use]
pub fn layer() -> MonitorLayer {
    MonitorLayer::default()
}

thread_local! {
    /// The frames that entered spans have replaced.
    static REPLACED: RefCell<Vec<Option<Frame>>> = const { RefCell::new(Vec::new()) };
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for MonitorLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let frame = Frame {
                noted: Noted::NO,
                ..frame::current()
            };
            // The formatting of a value may log, which reads the span: before it is locked.
            let recorded = Recorded::by(|visitor| attributes.record(visitor));
            let mut extensions = span.extensions_mut();
            extensions.insert(frame);
            // Those of a call are in each of its lines.
            if !is_of_a_call(span.metadata()) {
                extensions.insert(SpanFields::new(span.name(), recorded));
            }
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        let carried = context
            .span(id)
            .and_then(|span| span.extensions().get::<Frame>().copied());
        // Where no call is running, this is a task that follows the span.
        let replaced = carried
            .filter(|carried| carried.span != 0 && frame::current().span == 0)
            .map(frame::replace);
        let _ = REPLACED.try_with(|stack| stack.borrow_mut().push(replaced));
    }

    fn on_exit(&self, _: &Id, _: Context<'_, S>) {
        let replaced = REPLACED.try_with(|stack| stack.borrow_mut().pop());
        if let Ok(Some(Some(frame))) = replaced {
            // A task has no call that takes what was noted in it.
            if frame::is_noted() {
                let failure = notes::pop().failure;
                CoreRef::current()
                    .attached
                    .with(|attached| attached.desk.nobody_passes(failure));
            }
            frame::replace(frame);
        }
    }

    fn on_record(&self, id: &Id, values: &Values<'_>, context: Context<'_, S>) {
        if let Some(span) = context
            .span(id)
            .filter(|span| !is_of_a_call(span.metadata()))
        {
            let recorded = Recorded::by(|visitor| values.record(visitor));
            if let Some(fields) = span.extensions_mut().get_mut::<SpanFields>() {
                fields.add(span.name(), recorded);
            }
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let metadata = event.metadata();
        if metadata.target() == OWN_TARGET {
            return;
        }
        let level = LineLevel::of_tracing(*metadata.level());
        let spans = |visit: VisitSpan<'_>| {
            if let Some(scope) = context.event_scope(event) {
                from_root(scope, |span| {
                    if let Some(fields) = span.extensions().get::<SpanFields>() {
                        visit(fields);
                    }
                });
            }
        };
        let event = AppEvent {
            event,
            spans: &spans,
        };
        CoreRef::current().attached.with(|attached| {
            // Where the application has a subscriber of its own, nothing was filtered yet.
            if attached.log.shows(metadata.target(), level) {
                let record =
                    Record::new(level, "log.event", Data::Event(event)).from(Origin::here());
                attached.log.emit(metadata.target(), &record);
            }
        });
    }
}

/// Visits spans from the outermost to the innermost, without an allocation where they are
/// few.
fn from_root<'a, S: LookupSpan<'a>>(scope: Scope<'a, S>, mut visit: impl FnMut(&SpanRef<'a, S>)) {
    let mut few = [const { None }; 8];
    let mut more = Vec::new();
    for (count, span) in scope.enumerate() {
        match few.get_mut(count) {
            Some(place) => *place = Some(span),
            None => more.push(span),
        }
    }
    more.iter().rev().for_each(&mut visit);
    few.iter().rev().flatten().for_each(visit);
}
