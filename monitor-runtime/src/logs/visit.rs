//! What each kind of value that `tracing` records is in JSON.

use std::fmt::Debug;

use tracing::field::{Field, Visit};

use super::encoder::Encoder;

/// A number has at most so many digits.
const DIGITS: usize = 20;

/// Takes the fields of an event or of a span.
pub(super) trait TakeField {
    /// Takes a value that `write` encodes, in about `length` bytes; whether it has become a
    /// member.
    fn put(&mut self, field: &Field, length: usize, write: impl FnOnce(&mut Encoder<'_>)) -> bool;

    /// Takes what the member last put is, which JSON cannot say.
    fn not_finite(&mut self, field: &Field, value: f64);
}

/// Encodes each field that it visits.
pub(super) struct Encoded<T>(pub(super) T);

impl<T: TakeField> Visit for Encoded<T> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        let is_member = self.0.put(field, DIGITS, |encoder| encoder.float(value));
        if is_member && !value.is_finite() {
            self.0.not_finite(field, value);
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.put(field, DIGITS, |encoder| encoder.signed(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.put(field, DIGITS, |encoder| encoder.unsigned(value));
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
        self.0.put(field, DIGITS, |encoder| encoder.bool(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0
            .put(field, value.len(), |encoder| encoder.text(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.put(field, DIGITS, |encoder| {
            encoder.formatted(format_args!("{value:?}"));
        });
    }
}
