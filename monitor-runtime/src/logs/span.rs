//! The fields of a span of the application's own, encoded when they are recorded.

use std::fmt::Debug;

use tracing::field::{Field, Visit};

use super::encoder::Encoder;

/// How long the fields of one span may be in all.
const LONGEST: usize = 16 * 1024;

/// The fields, each as JSON. One that is recorded again replaces what it was.
#[derive(Debug, Default)]
pub(crate) struct SpanFields(Vec<(&'static str, Vec<u8>)>);

impl SpanFields {
    /// Appends the span as an object, with a comma in front.
    pub(crate) fn encode(&self, name: &str, out: &mut Vec<u8>) {
        let mut encoder = Encoder::new(out, usize::MAX);
        encoder.raw(b",{\"name\":");
        encoder.text(name);
        for (name, value) in &self.0 {
            encoder.raw(b",");
            // The span's own name has the first place.
            encoder.text(if *name == "name" { "name_2" } else { name });
            encoder.raw(b":");
            encoder.raw(value);
        }
        encoder.raw(b"}");
    }

    fn put(&mut self, field: &Field, write: impl FnOnce(&mut Encoder<'_>)) {
        let name = field.name();
        self.0.retain(|(other, _)| *other != name);
        let used: usize = self.0.iter().map(|(_, value)| value.len()).sum();
        let mut value = Vec::new();
        write(&mut Encoder::new(&mut value, LONGEST.saturating_sub(used)));
        self.0.push((name, value));
    }
}

impl Visit for SpanFields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, |encoder| {
            if value.is_finite() {
                encoder.float(value);
            } else {
                encoder.formatted(format_args!("{value}"));
            }
        });
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, |encoder| encoder.signed(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, |encoder| encoder.unsigned(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, |encoder| encoder.bool(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, |encoder| encoder.text(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, |encoder| {
            encoder.formatted(format_args!("{value:?}"))
        });
    }
}
