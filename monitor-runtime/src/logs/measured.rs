//! The measurements of one line, without an allocation.

use std::ops::Deref;

use crate::fields::FieldValue;

/// More than any line has.
const MOST: usize = 16;

/// Named values in their order.
#[derive(Debug)]
pub(crate) struct Measured {
    values: [(&'static str, FieldValue); MOST],
    count: usize,
}

impl Measured {
    pub(crate) const fn new() -> Self {
        Self {
            values: [const { ("", FieldValue::Null) }; MOST],
            count: 0,
        }
    }

    /// Adds a value.
    pub(crate) fn push(&mut self, name: &'static str, value: FieldValue) {
        if let Some(place) = self.values.get_mut(self.count) {
            *place = (name, value);
            self.count += 1;
        }
    }

    /// Adds a value that there is.
    pub(crate) fn push_some(&mut self, name: &'static str, value: Option<FieldValue>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }
}

impl Deref for Measured {
    type Target = [(&'static str, FieldValue)];

    fn deref(&self) -> &Self::Target {
        self.values.get(..self.count).unwrap_or_default()
    }
}
