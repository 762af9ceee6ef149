//! An event of the application's own, encoded as it is visited.

use std::fmt::{self, Debug};

use tracing::Event;
use tracing::field::{Field, Visit};

use super::encoder::Encoder;
use super::members::Members;
use super::span::SpanFields;

/// What is called for each span.
pub(crate) type VisitSpan<'v> = &'v mut dyn FnMut(&SpanFields);

/// An event, and the spans that it happened in.
#[derive(Clone, Copy)]
pub(crate) struct AppEvent<'a> {
    pub(crate) event: &'a Event<'a>,
    /// Visits the spans, the outermost first.
    pub(crate) spans: &'a dyn Fn(VisitSpan<'_>),
}

impl Debug for AppEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.event.fmt(f)
    }
}

const MESSAGE: &str = "message";
const TARGET: &str = "target";

impl AppEvent<'_> {
    /// Its text.
    pub(crate) fn message(self, encoder: &mut Encoder<'_>) {
        let mut message = Message {
            encoder,
            found: false,
        };
        self.event.record(&mut message);
        if !message.found {
            encoder.raw(b"\"\"");
        }
    }

    /// Its fields, with the target and the spans that it happened in.
    pub(crate) fn data(self, encoder: &mut Encoder<'_>) {
        let mut fields = Fields {
            members: Members::open(encoder),
            is_said: false,
        };
        self.event.record(&mut fields);
        let mut members = fields.members;
        // A field of the application's own of that name stays.
        let target = self.event.metadata().target();
        if !members.has(TARGET) && members.name(TARGET, || target.len()).is_some() {
            members.encoder.text(target);
        }
        self.in_spans(&mut members);
        members.close();
    }

    fn in_spans(self, members: &mut Members<'_, '_>) {
        let mut has_room = None;
        let mut first = true;
        (self.spans)(&mut |span| {
            let has_room = *has_room.get_or_insert_with(|| {
                let has_room = members.name("spans", || 0).is_some();
                if has_room {
                    members.encoder.raw(b"[");
                }
                has_room
            });
            members.encoder.leave_out(span.left_out());
            if has_room {
                members.encoder.encoded(&mut first, span.object());
            } else {
                members.encoder.leave_out(span.object().len());
            }
        });
        if has_room == Some(true) {
            members.encoder.raw(b"]");
        }
    }
}

/// Finds the text of an event.
struct Message<'e, 'o> {
    encoder: &'e mut Encoder<'o>,
    found: bool,
}

impl Message<'_, '_> {
    fn is_it(&mut self, field: &Field) -> bool {
        let is_it = field.name() == MESSAGE && !self.found;
        self.found |= is_it;
        is_it
    }
}

impl Visit for Message<'_, '_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if self.is_it(field) {
            self.encoder.text(value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if self.is_it(field) {
            self.encoder.formatted(format_args!("{value:?}"));
        }
    }
}

/// Writes the fields of an event.
struct Fields<'e, 'o> {
    members: Members<'e, 'o>,
    /// The text of the event was seen: another field of its name is one of the data.
    is_said: bool,
}

impl Fields<'_, '_> {
    fn put(
        &mut self,
        field: &Field,
        length: usize,
        write: impl FnOnce(&mut Members<'_, '_>, &'static str),
    ) {
        let name = field.name();
        if name == MESSAGE && !self.is_said {
            self.is_said = true;
        } else if self.members.name(name, || length).is_some() {
            write(&mut self.members, name);
        }
    }
}

/// A number has at most so many digits.
const DIGITS: usize = 20;

impl Visit for Fields<'_, '_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, DIGITS, |members, name| members.float(name, value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, DIGITS, |members, _| members.encoder.signed(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, DIGITS, |members, _| members.encoder.unsigned(value));
    }

    // Readers of JSON lose digits of integers above 64 bits.
    fn record_i128(&mut self, field: &Field, value: i128) {
        match i64::try_from(value) {
            Ok(value) => self.record_i64(field, value),
            Err(_) => self.record_debug(field, &format_args!("{value}")),
        }
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        match u64::try_from(value) {
            Ok(value) => self.record_u64(field, value),
            Err(_) => self.record_debug(field, &format_args!("{value}")),
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, DIGITS, |members, _| members.encoder.bool(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.len(), |members, _| members.encoder.text(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, DIGITS, |members, _| {
            members.encoder.formatted(format_args!("{value:?}"));
        });
    }
}
