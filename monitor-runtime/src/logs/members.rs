//! The members of an object, of which no two have one name.

use std::collections::HashSet;

use super::encoder::Encoder;
use crate::fields::FieldValue;

/// An object that is being written.
pub(crate) struct Members<'e, 'o> {
    pub(crate) encoder: &'e mut Encoder<'o>,
    first: bool,
    names: Names<'e>,
    /// The last name that was written was given a number.
    is_numbered: bool,
    /// Numbers that JSON cannot say.
    not_finite: Vec<(String, f64)>,
}

/// The member that says what the others, `null`, were.
const NOT_FINITE: &str = "not_finite";

/// Names that were written. Few have more than the array holds.
struct Names<'n> {
    few: [&'n str; 16],
    count: usize,
    /// The others; `None` while there are none, since a set is made for each object else.
    more: Option<HashSet<&'n str>>,
    /// Those that were given a number.
    numbered: Vec<String>,
}

impl<'n> Names<'n> {
    fn contain(&self, name: &str) -> bool {
        self.few[..self.count].contains(&name)
            || self.more.as_ref().is_some_and(|more| more.contains(name))
            || self.numbered.iter().any(|other| other == name)
    }

    fn push(&mut self, name: &'n str) {
        match self.few.get_mut(self.count) {
            Some(place) => {
                *place = name;
                self.count += 1;
            }
            None => drop(self.more.get_or_insert_default().insert(name)),
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
                more: None,
                numbered: Vec::new(),
            },
            is_numbered: false,
            not_finite: Vec::new(),
        }
    }

    /// Ends it.
    pub(crate) fn close(mut self) {
        if !self.not_finite.is_empty() {
            let not_finite = std::mem::take(&mut self.not_finite);
            let length = |(name, _): &(String, f64)| name.len() + "-inf".len();
            if self
                .name(NOT_FINITE, || not_finite.iter().map(length).sum())
                .is_some()
            {
                self.encoder.raw(b"{");
                let mut first = true;
                for (name, number) in &not_finite {
                    if self.encoder.key(&mut first, name, || "-inf".len()) {
                        self.encoder.formatted(format_args!("{number}"));
                    }
                }
                self.encoder.raw(b"}");
            }
        }
        self.encoder.raw(b"}");
    }

    /// The name of a member, with a number where there is one of that name already. Its
    /// value has to follow. `None`, and no value, where there is no room; `length` is that
    /// of the value.
    pub(crate) fn name(&mut self, name: &'e str, length: impl FnOnce() -> usize) -> Option<()> {
        self.is_numbered = self.names.contain(name);
        if self.is_numbered {
            let mut number = 2;
            let mut other = format!("{name}_{number}");
            while self.names.contain(&other) {
                number += 1;
                other = format!("{name}_{number}");
            }
            let has_room = self.encoder.key(&mut self.first, &other, length);
            has_room.then(|| self.names.numbered.push(other))
        } else {
            let has_room = self.encoder.key(&mut self.first, name, length);
            has_room.then(|| self.names.push(name))
        }
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

    /// A member with a value that was encoded before, as a whole or not at all.
    pub(crate) fn encoded(&mut self, name: &'e str, value: &[u8]) -> bool {
        if !self.encoder.fits(value.len()) {
            self.encoder.leave_out(name.len() + value.len());
            return false;
        }
        let has_room = self.name(name, || value.len()).is_some();
        if has_room {
            self.encoder.raw(value);
        }
        has_room
    }

    /// The value of the member `name`, that was written last, as a number.
    pub(crate) fn float(&mut self, name: &str, number: f64) {
        if !number.is_finite() {
            self.not_finite(name, number);
        }
        self.encoder.float(number);
    }

    /// The member `name`, that was written last, is a number that JSON cannot say. It is
    /// named at the end.
    pub(crate) fn not_finite(&mut self, name: &str, number: f64) {
        let numbered = self.names.numbered.last().filter(|_| self.is_numbered);
        let name = numbered.map_or(name, String::as_str);
        self.not_finite.push((name.to_owned(), number));
    }
}
