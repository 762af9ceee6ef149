//! The application's own `tracing` events, in the same file and shape, with the
//! stage in which they happened; and the current call, carried along by spans.

use std::cell::RefCell;
use std::fmt::Debug;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::record::{Data, LineLevel, Record};
use crate::core::CoreRef;
use crate::desk::Origin;
use crate::frame::{self, Frame};
use crate::retry::notes::Notes;
use crate::text;

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
    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let frame = Frame {
                retry: Notes::NONE,
                ..frame::current()
            };
            span.extensions_mut().insert(frame);
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
            frame::replace(frame);
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        if metadata.target() == OWN_TARGET {
            return;
        }
        let core = CoreRef::current();
        let Some(attached) = core.attached() else {
            return;
        };
        // Where the application has a subscriber of its own, nothing was filtered yet.
        let level = LineLevel::of_tracing(*metadata.level());
        if !attached.log.shows(metadata.target(), level) {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        // A field of the application's own of that name stays.
        fields
            .data
            .entry("target")
            .or_insert_with(|| Value::from(metadata.target()));
        let record = Record {
            message: &fields.message,
            ..Record::new(level, "log.event", Data::Event(&fields.data)).from(Origin::here())
        };
        attached.log.emit(metadata.target(), &record);
    }
}

#[derive(Default)]
struct Fields {
    message: String,
    data: Map<String, Value>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(text)) => self.message = text,
            ("message", other) => self.message = other.to_string(),
            (name, value) => drop(self.data.insert(name.to_owned(), value)),
        }
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, Value::from(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, Value::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, Value::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, Value::from(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, Value::from(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, Value::from(text::of(format_args!("{value:?}"))));
    }
}
