use serde_json::{Value, json};
use tracing::{info, info_span};
use tracing_subscriber::layer::SubscriberExt;

use super::hostile_values::{json_values, keys, texts, values};
use super::layer::layer;
use super::line_checker::{as_written, assert_python_agrees, read, same};
use super::record::{Data, LineLevel, OWN, Record};
use crate::core::CoreRef;
use crate::fields::FieldValue;
use crate::testing::{self, Capture};
use crate::{log_error, log_event};

/// The lines of what `write` does, with the layer in place.
fn lines(write: impl FnOnce()) -> (String, Vec<Value>) {
    let run: Capture = testing::capture();
    let subscriber = tracing_subscriber::registry().with(layer());
    tracing::subscriber::with_default(subscriber, write);
    let text = run.text();
    let lines = text.lines().map(read).collect();
    (text, lines)
}

fn emit_fields(fields: &[(&'static str, FieldValue)]) {
    let attached = CoreRef::current().attached.get().expect("a capture");
    let record = Record::new(LineLevel::Info, "FIELDS", Data::Fields(&[], fields));
    attached.log.emit(OWN, &record);
}

/// The JSON that a value has to be read as.
fn expected(value: &FieldValue) -> Value {
    as_written(&value.to_json(), 0)
}

fn assert_not_finite(value: &FieldValue, object: &Value, key: &str) {
    let named = match value {
        FieldValue::F64(number) if !number.is_finite() => Value::from(number.to_string()),
        _ => Value::Null,
    };
    assert_eq!(object["not_finite"][key], named, "{object}");
}

fn write_fields() {
    for value in values() {
        emit_fields(&[("value", value.clone()), ("after", FieldValue::Bool(true))]);
    }
}

#[test]
fn fields_read_back() {
    let (_, lines) = lines(write_fields);
    assert_eq!(lines.len(), values().len());
    for (value, line) in values().iter().zip(lines) {
        let data = &line["data"];
        assert!(same(&data["value"], &expected(value)), "{value:?}: {data}");
        assert_eq!(data["after"], true);
        assert_not_finite(value, data, "value");
    }
}

fn write_all_names() {
    let numbers = (0..).map(FieldValue::U64);
    let fields: Vec<_> = keys().into_iter().zip(numbers).collect();
    emit_fields(&fields);
    let twice: Vec<_> = fields.iter().chain(&fields).cloned().collect();
    emit_fields(&twice);
    log_event(
        "NAMES",
        keys()
            .into_iter()
            .map(|key| (key.to_owned(), json!(1)))
            .collect(),
    );
}

#[test]
fn names_read_back_and_stay_apart() {
    let (_, lines) = lines(write_all_names);
    let members = |line: &Value| line["data"].as_object().map_or(0, serde_json::Map::len);
    let count = keys().len();
    assert_eq!(
        lines.iter().map(members).collect::<Vec<_>>(),
        [count, 2 * count, count]
    );
    for (number, key) in keys().into_iter().enumerate() {
        assert_eq!(lines[0]["data"][key], number, "{key:?}");
        assert_eq!(lines[1]["data"][key], number, "{key:?}");
        assert_eq!(lines[2]["data"][key], 1, "{key:?}");
    }
}

fn write_events_by_hand() {
    for value in values() {
        log_event("VALUE", json!({"value": value.to_json()}));
    }
    for text in texts() {
        log_event(&text, json!({&text: &text}));
    }
    for value in json_values() {
        log_event("JSON", value);
    }
}

#[test]
fn events_by_hand_read_back() {
    let (_, lines) = lines(write_events_by_hand);
    let mut lines = lines.iter();
    let mut next = || lines.next().expect("a line");
    for value in values() {
        let written = as_written(&json!({"value": value.to_json()}), 0);
        assert!(same(&next()["data"], &written), "{value:?}");
    }
    for text in texts() {
        let line = next();
        assert_eq!(line["event_type"], text);
        assert_eq!(line["data"], json!({&text: text}));
    }
    for value in json_values() {
        let written = match value {
            Value::Null => json!({}),
            Value::Object(_) => as_written(&value, 0),
            value => json!({"value": as_written(&value, 0)}),
        };
        assert!(same(&next()["data"], &written), "{written}");
    }
    assert!(lines.next().is_none());
}

fn write_errors() {
    for text in texts() {
        log_error(&text, json!({&text: &text}));
    }
    for value in json_values() {
        log_error("an error", value);
    }
}

#[test]
fn errors_read_back() {
    let (_, lines) = lines(write_errors);
    for (text, line) in texts().iter().zip(&lines) {
        assert_eq!(line["error"], *text);
        assert_eq!(line["context"], json!({text: text}));
    }
    for (value, line) in json_values().iter().zip(&lines[texts().len()..]) {
        assert!(same(&line["context"], &as_written(value, 0)), "{value}");
    }
}

/// An event in a span, both with the value.
macro_rules! event_in_span {
    ($value:expr) => {{
        let span = info_span!("in", value = $value, later = tracing::field::Empty);
        span.record("later", $value);
        span.in_scope(|| info!(value = $value, "said"));
    }};
}

fn write_tracing() {
    for value in values() {
        match &value {
            FieldValue::Null => {}
            FieldValue::Bool(value) => event_in_span!(*value),
            FieldValue::I64(value) => event_in_span!(*value),
            FieldValue::U64(value) => event_in_span!(*value),
            FieldValue::F64(value) => event_in_span!(*value),
            FieldValue::Text(text) => event_in_span!(&**text),
            FieldValue::Json(json) => event_in_span!(tracing::field::display(json)),
        }
    }
    for text in texts() {
        info!("{text}");
    }
}

#[test]
fn events_and_spans_of_tracing_read_back() {
    let (_, lines) = lines(write_tracing);
    let mut lines = lines.iter();
    for value in values().iter().skip(1) {
        let line = lines.next().expect("a line");
        let expected = match value {
            FieldValue::Json(json) => Value::from(json.to_string()),
            other => expected(other),
        };
        let (data, span) = (&line["data"], &line["data"]["spans"][0]);
        assert_eq!(
            (&line["message"], &span["name"]),
            (&json!("said"), &json!("in"))
        );
        for written in [&data["value"], &span["value"], &span["later"]] {
            assert!(same(written, &expected), "{value:?}: {data}");
        }
        assert_not_finite(value, data, "value");
        assert_not_finite(value, span, "value");
        assert_not_finite(value, span, "later");
    }
    for text in texts() {
        assert_eq!(lines.next().expect("a line")["message"], text);
    }
    assert!(lines.next().is_none());
}

fn write_reserved_names() {
    let span = info_span!(
        "own",
        "name" = 1,
        name_2 = 2,
        "" = 3,
        not_finite = f64::NAN,
        a = 4,
        a = 5
    );
    span.in_scope(|| {
        info!(target: "t", target = 1, spans = 2, not_finite = f64::NAN, a = f64::NAN, a = -f64::INFINITY, "" = 3, "said");
        info!(target: "t", message = "one", message = "two", big = u128::MAX, small = 7_i128);
    });
}

/// Regression: `not_finite` stood twice, as a member and in itself, and so did `name_2`.
#[test]
fn reserved_names_are_kept_apart() {
    let (_, lines) = lines(write_reserved_names);
    let span = json!([{
        "name": "own", "name_2": 1, "name_2_2": 2, "": 3, "not_finite": null, "a": 4, "a_2": 5,
        "not_finite_2": {"not_finite": "NaN"},
    }]);
    assert_eq!(
        lines[0]["data"],
        json!({
            "target": 1, "spans": 2, "not_finite": null, "a": null, "a_2": null, "": 3, "spans_2": span,
            "not_finite_2": {"not_finite": "NaN", "a": "NaN", "a_2": "-inf"},
        })
    );
    // Regression: the second was in no place.
    assert_eq!(
        (&lines[1]["message"], &lines[1]["data"]["message"]),
        (&json!("one"), &json!("two"))
    );
    assert_eq!(lines[1]["data"]["big"], u128::MAX.to_string());
    assert_eq!(lines[1]["data"]["small"], 7);
}

#[test]
fn python_reads_the_same() {
    let (text, _) = lines(|| {
        write_fields();
        write_all_names();
        write_events_by_hand();
        write_errors();
        write_tracing();
        write_reserved_names();
    });
    assert_python_agrees(&text);
}
