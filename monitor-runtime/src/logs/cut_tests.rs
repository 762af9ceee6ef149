//! Lines that would be longer than they may be.

use std::time::UNIX_EPOCH;

use serde_json::{Value, json};

use super::hostile_values::{json_values, texts};
use super::line::{Envelope, LONGEST, SHORTEST_LIMIT, close};
use super::line_checker::read;
use super::record::{Context, Data, ErrorPart, EventType, LineLevel, Record};
use super::timestamp::Timestamp;
use crate::failure::ErrorText;
use crate::fields::FieldValue;

fn record<'a>(data: Data<'a>) -> Record<'a> {
    Record {
        time: Timestamp::of(UNIX_EPOCH),
        span: u64::MAX,
        parent_span: u64::MAX,
        stage: Some("NBA-17"),
        function: Some("ingest_players"),
        ..Record::new(LineLevel::Critical, "EVENT", data)
    }
}

/// The line, which is no longer than `limit`.
#[track_caller]
fn cut(limit: usize, record: &Record<'_>) -> Value {
    let mut line = Vec::new();
    Envelope::new("pipeline", &"f".repeat(32), limit).encode(&mut line, record);
    close(&mut line, u64::MAX);
    assert!(
        line.len() <= limit.max(SHORTEST_LIMIT),
        "{} bytes",
        line.len()
    );
    let line = String::from_utf8(line).expect("cut at a character");
    read(line.trim_end_matches('\n'))
}

#[track_caller]
fn original_length(line: &Value) -> u64 {
    line["original_length"].as_u64().unwrap_or_default()
}

#[test]
fn a_text_of_64_megabytes_is_cut() {
    let long = "64 MB".repeat(64 * 1024 * 1024 / 5);
    let fields = [
        ("long", FieldValue::text(&long)),
        ("after", FieldValue::U64(1)),
    ];
    let line = cut(LONGEST, &record(Data::Fields(&[], &fields)));
    let kept = line["data"]["long"].as_str().expect("a text");
    assert!(
        long.starts_with(kept) && kept.len() > LONGEST - 1024,
        "{}",
        kept.len()
    );
    let whole = long.len() as u64;
    assert!((whole..whole + 1024).contains(&original_length(&line)));

    let json = json!({"long": long});
    let line = cut(LONGEST, &record(Data::Json(&json)));
    assert!((whole..whole + 1024).contains(&original_length(&line)));
    let short = cut(LONGEST, &record(Data::Json(&json!({}))));
    assert_eq!(short["original_length"], Value::Null);
}

#[test]
fn a_text_is_cut_at_a_character_wherever_the_limit_is() {
    let texts = [
        "a",
        "é",
        "\u{2028}",
        "🏀",
        "\u{0}",
        "\"",
        "a\u{301}\u{85}\u{7f}🏀\\",
    ];
    for long in texts.map(|piece| piece.repeat(1000)) {
        for limit in 1024..1060 {
            let fields = [
                ("long", FieldValue::text(&long)),
                ("after", FieldValue::text(&long)),
                ("and", FieldValue::text("é")),
            ];
            let line = cut(limit, &record(Data::Fields(&fields, &[])));
            let kept = line["data"]["long"].as_str().expect("a text");
            assert!(long.starts_with(kept) && kept.len() >= 20, "{kept}");
            assert!(original_length(&line) >= 2 * long.len() as u64);
        }
    }
}

#[test]
fn ten_thousand_fields_are_as_many_as_fit() {
    let fields: Vec<(&'static str, FieldValue)> = (0..10_000)
        .map(|n| (&*format!("field_{n}").leak(), FieldValue::U64(n)))
        .collect();
    let line = cut(LONGEST, &record(Data::Fields(&fields, &[])));
    let data = line["data"].as_object().expect("an object");
    assert_eq!(
        (data.len(), &line["original_length"]),
        (10_000, &Value::Null)
    );
    let line = cut(64 * 1024, &record(Data::Fields(&fields, &[])));
    let data = line["data"].as_object().expect("an object");
    assert!((2_000..10_000).contains(&data.len()), "{}", data.len());
    assert!(original_length(&line) > 150_000);
    let json: Value = fields
        .iter()
        .map(|(key, value)| (*key, value.to_json()))
        .collect();
    let line = cut(LONGEST, &record(Data::Json(&json)));
    assert_eq!(line["data"], json);
}

/// Regression: two names that were cut to the same one stood in one object.
#[test]
fn a_name_is_never_cut() {
    for pad in 0..400 {
        let pad = "p".repeat(pad);
        let fields = ["🏀1", "🏀2", "🏀3", "é4", "é5", "6"].map(|name| (name, FieldValue::Null));
        let measured = [("pad", FieldValue::text(&pad))];
        let all = measured.iter().chain(&fields);
        let json: Value = all.map(|(key, value)| (*key, value.to_json())).collect();
        for data in [Data::Fields(&measured, &fields), Data::Json(&json)] {
            let line = cut(1024, &record(data));
            let data = line["data"].as_object().expect("an object");
            assert!(data.keys().all(|key| json.get(key).is_some()), "{data:?}");
            let is_cut = line["data"] != json;
            assert_eq!(original_length(&line) > 0, is_cut);
        }
    }
}

/// Regression: what named those numbers was written beyond the limit.
#[test]
fn ten_thousand_numbers_that_are_none_fit_too() {
    let fields: Vec<(&'static str, FieldValue)> = (0..10_000)
        .map(|n| {
            (
                &*format!("not_a_number_{n}").leak(),
                FieldValue::F64(f64::NAN),
            )
        })
        .collect();
    for limit in [1024, 16 * 1024, LONGEST] {
        let line = cut(limit, &record(Data::Fields(&[], &fields)));
        assert!(original_length(&line) > 300_000);
    }
}

/// Regression: there was no room for the error of a line with much data.
#[test]
fn an_error_is_said_however_much_data_there_is() {
    let long = "x".repeat(LONGEST);
    let fields = [("long", FieldValue::text(&long))];
    let error = ErrorText::new(
        "an error".to_owned(),
        vec!["its cause".to_owned(), long.clone()],
    );
    for limit in [1024, 4096, LONGEST] {
        let line = cut(
            limit,
            &Record {
                error: Some(ErrorPart {
                    text: &error,
                    context: Context::Fields(&fields),
                }),
                ..record(Data::Fields(&fields, &[]))
            },
        );
        assert_eq!(
            (&line["error"], &line["error_chain"][0]),
            (&json!("an error"), &json!("its cause"))
        );
        assert!(
            line["data"]["long"]
                .as_str()
                .is_some_and(|kept| limit == 1024 || !kept.is_empty())
        );
        assert!(original_length(&line) > 3 * LONGEST as u64);
    }
}

/// Regression: names without a limit made lines longer than the limit.
#[test]
fn all_parts_at_once_fit_into_the_shortest_line() {
    let long = "\u{0}🏀".repeat(500);
    let error = ErrorText::new(long.clone(), vec![long.clone(); 40]);
    let deep = json_values().pop().expect("a value");
    let fields = [
        ("deep", FieldValue::Json(deep)),
        ("nan", FieldValue::F64(f64::NAN)),
    ];
    for stage in ["", "NBA-17", &long] {
        let mut line = Vec::new();
        let record = Record {
            message: &long,
            event_type: EventType(&long, &long),
            stage: Some(stage),
            function: Some(&long),
            error: Some(ErrorPart {
                text: &error,
                context: Context::Fields(&fields),
            }),
            ..record(Data::Fields(&fields, &fields))
        };
        Envelope::new(&long, &"f".repeat(32), 0).encode(&mut line, &record);
        close(&mut line, u64::MAX);
        assert!(line.len() <= SHORTEST_LIMIT, "{} bytes", line.len());
        let line = String::from_utf8(line).expect("text");
        assert!(original_length(&read(line.trim_end())) > 100_000);
    }
}

#[test]
fn hostile_values_are_cut_at_any_length() {
    let mut values: Vec<FieldValue> = texts()
        .iter()
        .map(|value| FieldValue::text(value))
        .collect();
    values.extend(json_values().into_iter().map(FieldValue::Json));
    for (index, value) in values.iter().enumerate() {
        let pad = FieldValue::text(&"p".repeat(150 + index % 90));
        let fields = [
            ("pad", pad),
            ("first", value.clone()),
            ("second", value.clone()),
        ];
        cut(1024, &record(Data::Fields(&fields, &[])));
        let whole: Value = fields
            .iter()
            .map(|(key, value)| (*key, value.to_json()))
            .collect();
        cut(1024, &record(Data::Json(&whole)));
    }
}
