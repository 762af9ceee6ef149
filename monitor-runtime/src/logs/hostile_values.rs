//! Values and names that a writer of JSON may get wrong, for tests.

#[cfg(unix)]
use std::ffi::OsStr;
#[cfg(unix)]
use std::os::unix::ffi::OsStrExt;
#[cfg(unix)]
use std::path::Path;

use serde_json::{Value, json};

use crate::fields::{FieldValue, IntoField};

pub(super) fn texts() -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    // All controls, also those above ASCII, and what comes after them.
    for c in (0..=0x20_u8).chain(0x7f..=0xa1).map(char::from) {
        texts.extend([c.to_string(), format!("before{c}{c}after, 12345678{c}")]);
    }
    for c in [
        '"',
        '\\',
        '/',
        '\'',
        '<',
        '&',
        '\u{ad}',
        '\u{200b}',
        '\u{200d}',
        '\u{200e}',
        '\u{202e}',
        '\u{2027}',
        '\u{2028}',
        '\u{2029}',
        '\u{202a}',
        '\u{2066}',
        '\u{d7ff}',
        '\u{e000}',
        '\u{feff}',
        '\u{fffd}',
        '\u{fffe}',
        '\u{ffff}',
        '\u{1f3c0}',
        '\u{e0001}',
        '\u{10ffff}',
    ] {
        texts.extend([
            c.to_string(),
            format!("{c}{c}12345{c}"),
            format!("1234567{c}8"),
        ]);
    }
    // Quotes at each place among those that are looked at together.
    texts.extend((0..24).map(|place| format!("{:place$}\"{:9}\\", "", "")));
    for text in [
        "",
        "null",
        "true",
        "NaN",
        "Infinity",
        "-0",
        "1e999",
        "{}",
        "[",
        "}]",
        "\":\"",
        "\\u0000",
        "\\ud800",
        "\\\"",
        "\\\\\"",
        "{\"a\":1}\n{\"b\":2}",
        "\r\n",
        "</script><!--",
        "\u{1b}[2J",
        "%s %n {} {0}",
        "e\u{301}\u{325}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "../..",
    ] {
        texts.push(text.to_owned());
    }
    texts.push("\u{0}".repeat(1000));
    texts.push("é\u{2028}🏀\"".repeat(500));
    texts
}

pub(super) fn numbers() -> Vec<FieldValue> {
    let mut numbers = Vec::new();
    for power in [7, 8, 15, 16, 31, 32, 52, 53, 54, 62, 63] {
        let around = 1_u64 << power;
        numbers.extend([around - 1, around, around + 1].map(FieldValue::U64));
        numbers
            .extend([around - 1, around].map(|n| FieldValue::I64(0_i64.wrapping_sub_unsigned(n))));
    }
    numbers.extend([u64::MAX, u64::MAX - 1, 0, 9, 10, 99, 100, 1234567890].map(FieldValue::U64));
    numbers.extend([i64::MAX, i64::MIN, i64::MIN + 1, 0, -1].map(FieldValue::I64));
    for number in [
        i128::MAX,
        i128::MIN,
        1 << 64,
        (1 << 64) - 1,
        1 << 63,
        -(1 << 63),
        -(1 << 63) - 1,
    ] {
        numbers.push(number.field());
    }
    numbers.extend([
        u128::MAX.field(),
        (u128::from(u64::MAX) + 1).field(),
        7_u128.field(),
    ]);
    for number in [
        0.0,
        0.1,
        0.3,
        1.0,
        1.5,
        1e15,
        1e16,
        1e21,
        1e22,
        1e23,
        1e-4,
        1e-5,
        1e-7,
        123_456.789,
        9_007_199_254_740_991.0,
        9_007_199_254_740_993.0,
        5e-324,
        2.225_073_858_507_201e-308,
        f64::MIN_POSITIVE,
        f64::MAX,
        f64::EPSILON,
        f64::INFINITY,
        f64::from(f32::MAX),
        f64::from(f32::MIN_POSITIVE),
    ] {
        numbers.extend([number, -number].map(FieldValue::F64));
    }
    numbers.push(FieldValue::F64(f64::NAN));
    numbers
}

pub(super) fn json_values() -> Vec<Value> {
    let nested =
        |depth, open: fn(Value) -> Value| (0..depth).fold(json!(1), |value, _| open(value));
    let many = |count: u32| {
        (0..count)
            .map(|n| (format!("key {n}"), json!(n)))
            .collect::<Value>()
    };
    let mut values = vec![
        Value::Null,
        json!(true),
        json!([]),
        json!({}),
        json!([null, [], {}, ""]),
        json!(f64::NAN),
        json!({"": {"": [""]}, " ": 0}),
        json!({"\u{0}": "\u{0}", "\"": "\\", "\u{2028}": "\u{feff}"}),
        json!({"target": 1, "spans": 2, "not_finite": 3, "name": 4, "message": 5, "seq": 6}),
        many(16),
        many(17),
        many(1000),
        json!(vec![u64::MAX; 300]),
    ];
    for depth in [1, 62, 63, 64, 65, 127, 128, 129, 200] {
        values.push(nested(depth, |value| json!([value])));
        values.push(nested(depth, |value| json!({"k": value})));
    }
    values
}

/// Names, each once.
pub(super) fn keys() -> Vec<&'static str> {
    let mut keys: Vec<String> = texts();
    keys.extend(
        [
            "target",
            "spans",
            "not_finite",
            "name",
            "message",
            "seq",
            "data",
            "error",
            "timestamp",
            "target_2",
            "spans_2",
            "not_finite_2",
            "a",
            "a_2",
            "a_2_2",
            "a_3",
            "A",
            "a ",
            "__proto__",
        ]
        .map(str::to_owned),
    );
    keys.sort();
    keys.dedup();
    keys.into_iter().map(|key| &*key.leak()).collect()
}

/// Paths that are no text.
#[cfg(unix)]
fn paths() -> impl Iterator<Item = FieldValue> {
    let bytes: [&[u8]; 6] = [
        b"\xff",
        b"a\xed\xa0\x80b",
        b"\xed\xbf\xbf",
        b"\xc3",
        b"\xf4\x90\x80\x80",
        b"\n\xe2\x80",
    ];
    bytes
        .into_iter()
        .map(|bytes| Path::new(OsStr::from_bytes(bytes)).field())
}

pub(super) fn values() -> Vec<FieldValue> {
    let mut values = vec![
        FieldValue::Null,
        FieldValue::Bool(true),
        FieldValue::Bool(false),
    ];
    values.extend(numbers());
    #[cfg(unix)]
    values.extend(paths());
    values.extend(
        texts()
            .into_iter()
            .map(|text| FieldValue::Text(text.into())),
    );
    values.extend(json_values().into_iter().map(FieldValue::Json));
    values
}

#[test]
fn there_are_enough_of_them() {
    assert!(values().len() >= 300, "{}", values().len());
}
