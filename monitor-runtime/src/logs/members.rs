//! The members of an object, of which no two have one name.

use super::encoder::Encoder;
use crate::fields::FieldValue;

/// An object that is being written.
pub(crate) struct Members<'e, 'o> {
    pub(crate) encoder: &'e mut Encoder<'o>,
    first: bool,
    names: Names<'e>,
    /// Numbers that JSON cannot say.
    not_finite: Vec<(String, f64)>,
}

/// Names that were written. Few have more than the array holds.
struct Names<'n> {
    few: [&'n str; 16],
    count: usize,
    more: Vec<&'n str>,
    /// Those that were given a number.
    numbered: Vec<String>,
}

impl<'n> Names<'n> {
    fn contain(&self, name: &str) -> bool {
        let few = &self.few[..self.count];
        few.iter().chain(&self.more).any(|other| *other == name)
            || self.numbered.iter().any(|other| other == name)
    }

    fn push(&mut self, name: &'n str) {
        match self.few.get_mut(self.count) {
            Some(place) => {
                *place = name;
                self.count += 1;
            }
            None => self.more.push(name),
        }
    }
}

impl<'e, 'o> Members<'e, 'o> {
    /// Begins an object.
    pub(crate) fn open(encoder: &'e mut Encoder<'o>) -> Self {
        encoder.raw(b"{");
        Self {
            encoder,
            first: true,
            names: Names {
                few: [""; 16],
                count: 0,
                more: Vec::new(),
                numbered: Vec::new(),
            },
            not_finite: Vec::new(),
        }
    }

    /// Ends it.
    pub(crate) fn close(mut self) {
        if !self.not_finite.is_empty() {
            let not_finite = std::mem::take(&mut self.not_finite);
            self.key("not_finite");
            self.encoder.raw(b"{");
            let mut first = true;
            for (name, number) in &not_finite {
                self.encoder.comma(&mut first);
                self.encoder.text(name);
                self.encoder.raw(b":");
                self.encoder.formatted(format_args!("{number}"));
            }
            self.encoder.raw(b"}");
        }
        self.encoder.raw(b"}");
    }

    /// Whether a member with this name was written.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contain(name)
    }

    /// The name of a member, with a number where there is one of that name already. Its
    /// value has to follow. `None`, and no value, where there is no room; `length` is that
    /// of the value.
    pub(crate) fn name(&mut self, name: &'e str, length: impl FnOnce() -> usize) -> Option<()> {
        if !self.encoder.has_room(|| name.len() + length()) {
            return None;
        }
        if self.names.contain(name) {
            let mut number = 2;
            let mut other = format!("{name}_{number}");
            while self.names.contain(&other) {
                number += 1;
                other = format!("{name}_{number}");
            }
            self.key(&other);
            self.names.numbered.push(other);
        } else {
            self.key(name);
            self.names.push(name);
        }
        Some(())
    }

    fn key(&mut self, name: &str) {
        self.encoder.comma(&mut self.first);
        self.encoder.text(name);
        self.encoder.raw(b":");
    }

    /// A member.
    pub(crate) fn field(&mut self, name: &'e str, value: &FieldValue) {
        let length = || match value {
            FieldValue::Text(text) => text.len(),
            _ => 20,
        };
        if self.name(name, length).is_none() {
            return;
        }
        match value {
            FieldValue::Null => self.encoder.raw(b"null"),
            FieldValue::Bool(value) => self.encoder.bool(*value),
            FieldValue::I64(number) => self.encoder.signed(*number),
            FieldValue::U64(number) => self.encoder.unsigned(*number),
            FieldValue::F64(number) => self.float(name, *number),
            FieldValue::Text(text) => self.encoder.text(text),
            FieldValue::Json(value) => self.encoder.value(value),
        }
    }

    /// The value of a member that is a number; one that is not finite is named at the end.
    pub(crate) fn float(&mut self, name: &str, number: f64) {
        if !number.is_finite() {
            self.not_finite.push((name.to_owned(), number));
        }
        self.encoder.float(number);
    }
}
