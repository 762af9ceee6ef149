//! JSON into a buffer that is used again, within a limit: what does not fit is left out
//! and counted, and what is written is valid whatever was left out.

use std::fmt::{self, Write as _};

use serde_json::Value;

use super::escape::{GROWTH, escape};
use super::number;
use crate::text;

/// How deep arrays and objects are followed.
pub(super) const DEEPEST: usize = 64;
/// What stands for those below.
const TOO_DEEP: &str = "<too deep>";

/// Writes JSON.
pub(crate) struct Encoder<'o> {
    pub(crate) out: &'o mut Vec<u8>,
    /// How long the buffer may become.
    limit: usize,
    /// How many bytes of text and values did not fit.
    left_out: usize,
}

impl<'o> Encoder<'o> {
    pub(crate) fn new(out: &'o mut Vec<u8>, limit: usize) -> Self {
        Self {
            out,
            limit,
            left_out: 0,
        }
    }

    /// How many bytes did not fit.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out
    }

    /// Another length that the buffer may have from here on.
    pub(crate) fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Counts what is left out elsewhere.
    pub(crate) fn leave_out(&mut self, bytes: usize) {
        self.left_out += bytes;
    }

    /// Bytes that are known to be JSON, and to fit.
    #[inline]
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// The name of a member, whose value has to follow, with the comma in front of it.
    /// Where it does not fit as a whole neither is written, and `false` is returned: two
    /// names that are cut could become one. `length` is that of the value.
    pub(crate) fn key(
        &mut self,
        first: &mut bool,
        name: &str,
        length: impl FnOnce() -> usize,
    ) -> bool {
        let (begin, left_out) = (self.out.len(), self.left_out);
        if begin < self.limit {
            if !*first {
                self.out.push(b',');
            }
            self.text(name);
            if self.left_out == left_out {
                self.out.push(b':');
                *first = false;
                return true;
            }
            self.out.truncate(begin);
        }
        self.left_out = left_out + name.len() + length();
        false
    }

    /// Whether so many bytes fit.
    pub(crate) fn fits(&self, bytes: usize) -> bool {
        self.out.len() + bytes < self.limit
    }

    /// An item that was encoded before, as a whole or not at all.
    pub(crate) fn encoded(&mut self, first: &mut bool, json: &[u8]) {
        if self.fits(json.len()) {
            self.comma(first);
            self.raw(json);
        } else {
            self.left_out += json.len();
        }
    }

    /// Whether there is room for a value; what has none is counted.
    pub(crate) fn has_room(&mut self, length: impl FnOnce() -> usize) -> bool {
        let has_room = self.out.len() < self.limit;
        if !has_room {
            self.left_out += length();
        }
        has_room
    }

    /// A string.
    pub(crate) fn text(&mut self, text: &str) {
        self.out.push(b'"');
        self.part(text);
        self.out.push(b'"');
    }

    /// The inside of a string, without its quotes.
    pub(crate) fn inside(&mut self, text: &str) {
        self.part(text);
    }

    /// A part of a string, cut at a character where it does not fit.
    #[inline]
    fn part(&mut self, text: &str) {
        let room = self.limit.saturating_sub(self.out.len());
        if text.len() <= room / GROWTH {
            escape(self.out, text);
        } else {
            self.cut(text);
        }
    }

    fn cut(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() && self.out.len() < self.limit {
            let room = (self.limit - self.out.len()).div_ceil(GROWTH);
            let mut end = room.min(rest.len());
            while !rest.is_char_boundary(end) {
                end -= 1;
            }
            let piece = &rest[..end];
            // A character is longer than what is left.
            if piece.is_empty() {
                break;
            }
            escape(self.out, piece);
            rest = &rest[piece.len()..];
        }
        self.left_out += rest.len();
    }

    /// A string that is formatted into place. A formatting that fails or panics leaves
    /// what it wrote and a mark.
    pub(crate) fn formatted(&mut self, value: fmt::Arguments<'_>) {
        self.out.push(b'"');
        if let Some(text) = value.as_str() {
            self.part(text);
        } else {
            let mut parts = Parts {
                left_out: self.left_out,
                encoder: self,
            };
            if let Some(mark) = text::format(|| parts.write_fmt(value)) {
                self.part(mark);
            }
        }
        self.out.push(b'"');
    }

    /// An integer.
    pub(crate) fn unsigned(&mut self, number: u64) {
        number::unsigned(self.out, number);
    }

    /// An integer that may be negative.
    pub(crate) fn signed(&mut self, number: i64) {
        number::signed(self.out, number);
    }

    /// A number; one that is not finite is `null`.
    pub(crate) fn float(&mut self, number: f64) {
        // Writing to a vector does not fail.
        let _ = serde_json::to_writer(&mut *self.out, &number);
    }

    /// A truth value.
    pub(crate) fn bool(&mut self, value: bool) {
        self.raw(if value { b"true" } else { b"false" });
    }

    /// Any JSON.
    pub(crate) fn value(&mut self, value: &Value) {
        self.nested(value, 0);
    }

    fn nested(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Null => self.raw(b"null"),
            Value::Bool(value) => self.bool(*value),
            Value::Number(number) => drop(serde_json::to_writer(&mut *self.out, number)),
            Value::String(text) => self.text(text),
            Value::Array(_) | Value::Object(_) if depth >= DEEPEST => self.text(TOO_DEEP),
            Value::Array(items) => {
                self.out.push(b'[');
                let mut first = true;
                for item in items {
                    if self.has_room(|| length(item, depth)) {
                        self.comma(&mut first);
                        self.nested(item, depth + 1);
                    }
                }
                self.out.push(b']');
            }
            Value::Object(members) => {
                self.out.push(b'{');
                let mut first = true;
                for (key, item) in members {
                    if self.key(&mut first, key, || length(item, depth)) {
                        self.nested(item, depth + 1);
                    }
                }
                self.out.push(b'}');
            }
        }
    }

    /// Separates a member from the one before it.
    pub(crate) fn comma(&mut self, first: &mut bool) {
        if !std::mem::replace(first, false) {
            self.out.push(b',');
        }
    }
}

/// How long a value is, as far as it would have been written.
fn length(value: &Value, depth: usize) -> usize {
    match value {
        Value::Null => 4,
        Value::Bool(_) => 5,
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text.len() + 2,
        Value::Array(_) | Value::Object(_) if depth >= DEEPEST => TOO_DEEP.len() + 2,
        Value::Array(items) => items.iter().map(|item| length(item, depth + 1) + 1).sum(),
        Value::Object(members) => members
            .iter()
            .map(|(key, item)| key.len() + length(item, depth + 1) + 4)
            .sum(),
    }
}

/// Writes what a formatting gives, piece by piece.
struct Parts<'e, 'o> {
    encoder: &'e mut Encoder<'o>,
    /// How many bytes had been left out when the string began.
    left_out: usize,
}

impl fmt::Write for Parts<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.encoder.left_out == self.left_out {
            self.encoder.part(text);
        } else {
            // A short piece may fit where a longer one did not: the text would have a hole.
            self.encoder.left_out += text.len();
        }
        Ok(())
    }
}
