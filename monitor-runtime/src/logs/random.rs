//! Random values that are the same in each run, for tests.

use serde_json::{Map, Value};

use crate::fields::FieldValue;

/// SplitMix64: Guy Steele, Doug Lea and Christine Flood, "Fast splittable pseudorandom
/// number generators", 2014.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A length: most are short.
    fn length(&mut self, longest: u64) -> u64 {
        let end = self.below(longest) + 1;
        self.below(end)
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }

    fn char(&mut self) -> char {
        match self.below(8) {
            0 => char::from(self.below(0x20) as u8),
            1 => self.of(&[
                '"', '\\', '\u{7f}', '\u{85}', '\u{2028}', '\u{2029}', '\u{feff}', '/',
            ]),
            2 => char::from_u32(self.below(0x11_0000) as u32).unwrap_or('\u{fffd}'),
            3 => char::from_u32(0x2000 + self.below(0x100) as u32).unwrap_or('\u{fffd}'),
            _ => char::from(0x20 + self.below(0x5f) as u8),
        }
    }

    pub(crate) fn text(&mut self) -> String {
        (0..self.length(24)).map(|_| self.char()).collect()
    }

    /// An integer: all lengths are as frequent.
    fn integer(&mut self) -> u64 {
        let shift = self.below(64);
        self.next() >> shift
    }

    pub(super) fn float(&mut self) -> f64 {
        match self.below(4) {
            0 => self.of(&[
                0.0,
                -0.0,
                f64::NAN,
                f64::INFINITY,
                f64::NEG_INFINITY,
                f64::MAX,
                f64::MIN,
                5e-324,
            ]),
            1 => self.integer() as f64,
            2 => self.integer() as f64 / 1000.0,
            _ => f64::from_bits(self.next()),
        }
    }

    pub(crate) fn json(&mut self, depth: u64) -> Value {
        match self.below(if depth == 0 { 6 } else { 9 }) {
            0 => Value::Null,
            1 => Value::from(self.next() & 1 == 0),
            2 => Value::from(self.integer()),
            3 => Value::from(0_i64.wrapping_sub_unsigned(self.integer())),
            4 => Value::from(self.float()),
            5 => Value::from(self.text()),
            6 => (0..self.length(4)).map(|_| self.json(depth - 1)).collect(),
            _ => Value::Object(self.members(depth - 1)),
        }
    }

    fn members(&mut self, depth: u64) -> Map<String, Value> {
        (0..self.length(4))
            .map(|_| (self.text(), self.json(depth)))
            .collect()
    }

    fn field(&mut self) -> FieldValue {
        match self.below(7) {
            0 => FieldValue::Null,
            1 => FieldValue::Bool(true),
            2 => FieldValue::U64(self.integer()),
            3 => FieldValue::I64(self.next() as i64),
            4 => FieldValue::F64(self.float()),
            5 => FieldValue::Text(self.text().into()),
            _ => FieldValue::Json(self.json(3)),
        }
    }

    pub(super) fn fields(&mut self) -> Vec<(&'static str, FieldValue)> {
        const NAMES: [&str; 12] = [
            "",
            "a",
            "a_2",
            "a_2_2",
            "not_finite",
            "not_finite_2",
            "\u{0}",
            "é",
            "🏀🏀",
            "season",
            "records",
            "\"\\",
        ];
        (0..self.length(8))
            .map(|_| (self.of(&NAMES), self.field()))
            .collect()
    }
}
