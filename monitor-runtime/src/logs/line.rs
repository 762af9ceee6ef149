//! A record as one line of JSON, its keys in the order that the format fixes.

use std::io::Write;

use serde_json::Value;

use super::record::{Context, Data, Record};
use super::timestamp::Timestamp;
use crate::fields::FieldValue;

/// Appends the line to `out`, open at its end: `seq` and the closing brace come when
/// the line is written, see [`close`].
pub(crate) fn encode(out: &mut Vec<u8>, record: &Record<'_>, name: &str, run_id: &str) {
    let time = Timestamp::of(record.time);
    let level = record.level.as_str();
    // Writing to a vector does not fail.
    let _ = write!(out, "{{\"timestamp\":\"{time}\",\"level\":\"{level}\"");
    text_member(out, "name", name);
    text_member(out, "message", record.message);
    text_member(out, "event_type", record.event_type);
    out.extend_from_slice(b",\"data\":");
    data(out, record.data);
    if let Some(error) = &record.error {
        text_member(out, "error", &error.text.error);
        out.extend_from_slice(b",\"error_chain\":[");
        for (index, cause) in error.text.chain.iter().enumerate() {
            separate(out, index);
            text(out, cause);
        }
        out.extend_from_slice(b"],\"context\":");
        match error.context {
            Context::Fields(fields) => object(out, fields.iter()),
            Context::Json(value) => json(out, value),
        }
    }
    for (key, value) in [("stage", record.stage), ("function", record.function)] {
        if let Some(value) = value {
            text_member(out, key, value);
        }
    }
    let _ = write!(out, ",\"run_id\":\"{run_id}\"");
    for (key, id) in [
        ("span_id", record.span),
        ("parent_span_id", record.parent_span),
    ] {
        if id != 0 {
            let _ = write!(out, ",\"{key}\":\"{id:016x}\"");
        }
    }
}

/// Ends a line with its number.
pub(crate) fn close(out: &mut Vec<u8>, seq: u64) {
    let _ = writeln!(out, ",\"seq\":{seq}}}");
}

fn data(out: &mut Vec<u8>, data: Data<'_>) {
    match data {
        Data::Fields(measured, named) => object(out, measured.iter().chain(named)),
        Data::Event(map) => {
            let _ = serde_json::to_writer(out, map);
        }
        Data::Json(Value::Null) => out.extend_from_slice(b"{}"),
        Data::Json(value @ Value::Object(_)) => json(out, value),
        // `data` is always an object, so that a reader need not ask.
        Data::Json(value) => {
            out.extend_from_slice(b"{\"value\":");
            json(out, value);
            out.push(b'}');
        }
    }
}

fn object<'a>(out: &mut Vec<u8>, fields: impl Iterator<Item = &'a (&'static str, FieldValue)>) {
    out.push(b'{');
    for (index, (key, value)) in fields.enumerate() {
        separate(out, index);
        text(out, key);
        out.push(b':');
        match value {
            FieldValue::Null => out.extend_from_slice(b"null"),
            FieldValue::Bool(value) => drop(write!(out, "{value}")),
            FieldValue::I64(value) => drop(write!(out, "{value}")),
            FieldValue::U64(value) => drop(write!(out, "{value}")),
            // A number that is not finite becomes null here.
            FieldValue::F64(value) => drop(serde_json::to_writer(&mut *out, value)),
            FieldValue::Text(value) => text(out, value),
            FieldValue::Json(value) => json(out, value),
        }
    }
    out.push(b'}');
}

fn separate(out: &mut Vec<u8>, index: usize) {
    if index > 0 {
        out.push(b',');
    }
}

fn text_member(out: &mut Vec<u8>, key: &str, value: &str) {
    let _ = write!(out, ",\"{key}\":");
    text(out, value);
}

fn text(out: &mut Vec<u8>, value: &str) {
    let _ = serde_json::to_writer(out, value);
}

fn json(out: &mut Vec<u8>, value: &Value) {
    let _ = serde_json::to_writer(out, value);
}

#[cfg(test)]
mod tests {
    use super::super::record::{ERROR, EVENT, ErrorPart, LineLevel};
    use super::*;
    use crate::failure::ErrorText;
    use std::time::{Duration, UNIX_EPOCH};

    fn record<'a>(data: Data<'a>) -> Record<'a> {
        Record {
            time: UNIX_EPOCH + Duration::new(1_770_294_896, 789_012_000),
            level: LineLevel::Info,
            message: EVENT,
            event_type: "INGESTION_END",
            data,
            error: None,
            stage: Some("NBA-17"),
            function: Some("ingest_players"),
            span: 0xab,
            parent_span: 0,
        }
    }

    fn line(record: &Record<'_>) -> String {
        let mut out = Vec::new();
        encode(&mut out, record, "nba_pipeline", "0197");
        close(&mut out, 42);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_keys_stand_in_the_order_of_the_format() {
        let measured = [
            ("records", FieldValue::U64(1230)),
            ("duration", FieldValue::F64(45.2)),
        ];
        let named = [("season", FieldValue::Text("2023-24".into()))];
        assert_eq!(
            line(&record(Data::Fields(&measured, &named))),
            "{\"timestamp\":\"2026-02-05T12:34:56.789012Z\",\"level\":\"INFO\",\"name\":\"nba_pipeline\",\
             \"message\":\"Pipeline Event\",\"event_type\":\"INGESTION_END\",\
             \"data\":{\"records\":1230,\"duration\":45.2,\"season\":\"2023-24\"},\"stage\":\"NBA-17\",\
             \"function\":\"ingest_players\",\"run_id\":\"0197\",\"span_id\":\"00000000000000ab\",\"seq\":42}\n"
        );
    }

    #[test]
    fn an_error_stands_at_the_top_level_with_chain_and_context() {
        let text = ErrorText::new(
            "a \"quoted\"\nerror".to_owned(),
            vec!["timed out".to_owned()],
        );
        let fields = [("season", FieldValue::F64(f64::NAN))];
        let record = Record {
            message: ERROR,
            error: Some(ErrorPart {
                text: &text,
                context: Context::Fields(&fields),
            }),
            ..record(Data::Fields(&[], &[]))
        };
        let value: Value = serde_json::from_str(&line(&record)).unwrap();
        assert_eq!(value["error"], "a \"quoted\"\nerror");
        assert_eq!(value["error_chain"][0], "timed out");
        assert_eq!(value["context"]["season"], Value::Null);
    }

    #[test]
    fn data_is_always_an_object() {
        for (given, expected) in [
            ("null", "{}"),
            ("[1]", "{\"value\":[1]}"),
            ("{\"a\":1}", "{\"a\":1}"),
        ] {
            let value: Value = serde_json::from_str(given).unwrap();
            let line: Value = serde_json::from_str(&line(&record(Data::Json(&value)))).unwrap();
            assert_eq!(line["data"].to_string(), expected);
        }
    }
}
