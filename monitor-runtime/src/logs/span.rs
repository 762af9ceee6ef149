//! The fields of a span of the application's own, encoded when they are recorded.

use tracing::field::{Field, Visit};

use super::encoder::Encoder;
use super::members::Members;
use super::visit::{Encoded, TakeField};

/// How long a value may be.
const LONGEST_VALUE: usize = 16 * 1024;
/// How long a span may be.
const LONGEST: usize = 2 * LONGEST_VALUE;

/// The fields, each as JSON, and the whole of them. One that is recorded again replaces
/// what it was.
#[derive(Debug)]
pub(crate) struct SpanFields {
    fields: Vec<SpanField>,
    object: Vec<u8>,
    left_out: usize,
}

#[derive(Debug)]
struct SpanField {
    /// Two fields of a span may have one name, but not one place.
    place: usize,
    name: &'static str,
    value: Vec<u8>,
    left_out: usize,
    /// What the value was, where it is a number that JSON cannot say.
    not_finite: Option<f64>,
}

impl SpanFields {
    pub(crate) fn new(name: &str, recorded: Recorded) -> Self {
        let mut fields = Self {
            fields: recorded.0,
            object: Vec::new(),
            left_out: 0,
        };
        fields.encode(name);
        fields
    }

    pub(crate) fn add(&mut self, name: &str, recorded: Recorded) {
        for field in recorded.0 {
            let known = |other: &&mut SpanField| other.place == field.place;
            match self.fields.iter_mut().find(known) {
                Some(other) => *other = field,
                None => self.fields.push(field),
            }
        }
        self.encode(name);
    }

    fn encode(&mut self, name: &str) {
        self.object.clear();
        let mut encoder = Encoder::new(&mut self.object, LONGEST);
        let mut members = Members::open(&mut encoder);
        // The span's own name has the first place.
        if members.name("name", || name.len()).is_some() {
            members.encoder.text(name);
        }
        for field in &self.fields {
            let is_written = members.encoded(field.name, &field.value);
            members.encoder.leave_out(field.left_out);
            if let Some(number) = field.not_finite.filter(|_| is_written) {
                members.not_finite(field.name, number);
            }
        }
        members.close();
        self.left_out = encoder.left_out();
    }

    /// The span as an object.
    pub(crate) fn object(&self) -> &[u8] {
        &self.object
    }

    /// How many bytes did not fit into it.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out
    }
}

/// Fields that were recorded at once.
#[derive(Debug, Default)]
pub(crate) struct Recorded(Vec<SpanField>);

impl Recorded {
    /// What is recorded where `record` is called.
    pub(crate) fn by(record: impl FnOnce(&mut dyn Visit)) -> Self {
        let mut encoded = Encoded(Self::default());
        record(&mut encoded);
        encoded.0
    }
}

impl TakeField for Recorded {
    fn put(&mut self, field: &Field, _: usize, write: impl FnOnce(&mut Encoder<'_>)) -> bool {
        let mut value = Vec::new();
        let mut encoder = Encoder::new(&mut value, LONGEST_VALUE);
        write(&mut encoder);
        let left_out = encoder.left_out();
        self.0.push(SpanField {
            place: field.index(),
            name: field.name(),
            value,
            left_out,
            not_finite: None,
        });
        true
    }

    fn not_finite(&mut self, _: &Field, value: f64) {
        if let Some(field) = self.0.last_mut() {
            field.not_finite = Some(value);
        }
    }
}
