//! An event of the application's own, encoded as it is visited.

use std::fmt::{self, Debug};

use tracing::Event;
use tracing::field::{Field, Visit};

use super::callsite::{Callsite, Key, MESSAGE};
use super::encoder::Encoder;
use super::span::SpanFields;
use super::visit::{Encoded, TakeField};

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

impl AppEvent<'_> {
    /// The text of the event, its type, and its fields with the target and the spans that it
    /// happened in.
    pub(crate) fn encode(self, encoder: &mut Encoder<'_>) {
        let callsite = Callsite::of(self.event.metadata());
        let mut encoded = Encoded(Fields {
            encoder,
            callsite,
            is_open: false,
            first: !callsite.has_target,
            not_finite: Vec::new(),
        });
        let fields = &mut encoded.0;
        if !callsite.is_said_first {
            let mut message = Message {
                encoder: fields.encoder,
                found: false,
            };
            self.event.record(&mut message);
            if !message.found {
                fields.encoder.raw(b"\"\"");
            }
            fields.open();
        }
        self.event.record(&mut encoded);
        let fields = &mut encoded.0;
        if !fields.is_open {
            fields.encoder.raw(b"\"\"");
            fields.open();
        }
        self.in_spans(fields);
        fields.close();
    }

    fn in_spans(self, fields: &mut Fields<'_, '_>) {
        let mut has_room = None;
        let mut first = true;
        (self.spans)(&mut |span| {
            let has_room =
                *has_room.get_or_insert_with(|| fields.key(&fields.callsite.spans, || 0));
            if has_room && first {
                fields.encoder.raw(b"[");
            }
            fields.encoder.leave_out(span.left_out());
            if has_room {
                fields.encoder.encoded(&mut first, span.object());
            } else {
                fields.encoder.leave_out(span.object().len());
            }
        });
        if has_room == Some(true) {
            if first {
                fields.encoder.raw(b"[");
            }
            fields.encoder.raw(b"]");
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

/// Writes an event in one go, where its text comes first.
struct Fields<'e, 'o> {
    encoder: &'e mut Encoder<'o>,
    callsite: &'static Callsite,
    /// The text was written, and the object of the fields was begun.
    is_open: bool,
    /// The object has no member yet.
    first: bool,
    /// Numbers that JSON cannot say, by the names of their fields.
    not_finite: Vec<(&'static str, f64)>,
}

impl Fields<'_, '_> {
    /// The name of a member, whose value has to follow if there is room.
    fn key(&mut self, key: &[u8], length: impl FnOnce() -> usize) -> bool {
        if !self.encoder.fits(key.len()) {
            self.encoder.leave_out(key.len() + length());
            return false;
        }
        let comma = usize::from(std::mem::replace(&mut self.first, false));
        self.encoder.raw(key.get(comma..).unwrap_or_default());
        true
    }

    fn close(&mut self) {
        if !self.not_finite.is_empty() {
            let not_finite = std::mem::take(&mut self.not_finite);
            let length = |(name, _): &(&str, f64)| name.len() + "-inf".len();
            if self.key(&self.callsite.not_finite, || {
                not_finite.iter().map(length).sum()
            }) {
                self.encoder.raw(b"{");
                let mut first = true;
                for (name, number) in not_finite {
                    if self.encoder.key(&mut first, name, || "-inf".len()) {
                        self.encoder.formatted(format_args!("{number}"));
                    }
                }
                self.encoder.raw(b"}");
            }
        }
        self.encoder.raw(b"}");
    }

    fn open(&mut self) {
        self.encoder.raw(b",\"event_type\":\"log.event\",\"data\":");
        self.encoder.raw(&self.callsite.open);
        self.is_open = true;
    }
}

impl TakeField for Fields<'_, '_> {
    #[inline(always)]
    fn put(&mut self, field: &Field, length: usize, write: impl FnOnce(&mut Encoder<'_>)) -> bool {
        match self.callsite.fields.get(field.index()) {
            Some(Key::Data(key, _)) => {
                if !self.is_open {
                    self.encoder.raw(b"\"\"");
                    self.open();
                }
                let fits = self.key(key, || length);
                if fits {
                    write(self.encoder);
                }
                fits
            }
            Some(Key::Message) if !self.is_open => {
                write(self.encoder);
                self.open();
                false
            }
            Some(Key::Message) | None => false,
        }
    }

    fn not_finite(&mut self, field: &Field, value: f64) {
        if let Some(Key::Data(_, name)) = self.callsite.fields.get(field.index()) {
            self.not_finite.push((name, value));
        }
    }
}
