use super::super::record::{ERROR, EVENT, ErrorPart, EventType, LineLevel};
use super::super::timestamp::Timestamp;
use super::*;
use crate::failure::ErrorText;
use std::time::{Duration, UNIX_EPOCH};

fn record<'a>(data: Data<'a>) -> Record<'a> {
    Record {
        time: Timestamp::of(UNIX_EPOCH + Duration::new(1_770_294_896, 789_012_000)),
        level: LineLevel::Info,
        message: EVENT,
        event_type: EventType("INGESTION", "_END"),
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
    Envelope::new("nba_pipeline", "0197", LONGEST).encode(&mut out, record);
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
