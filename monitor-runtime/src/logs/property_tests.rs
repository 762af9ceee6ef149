//! Any record at all, from a generator with a seed: the same in each run.

use std::time::UNIX_EPOCH;

use serde_json::{Map, Value};

use super::encoder::Encoder;
use super::line::{Envelope, LONGEST, close};
use super::line_checker::{assert_python_agrees, read, same};
use super::random::Random;
use super::record::{Context, Data, ErrorPart, EventType, LineLevel, Record};
use super::timestamp::Timestamp;
use crate::failure::ErrorText;
use crate::fields::FieldValue;

const CASES: u64 = 100_000;

/// The object that fields are written as: a name that is taken gets a number.
fn object(fields: &[(&'static str, FieldValue)]) -> Value {
    let mut object = Map::new();
    let mut not_finite = Map::new();
    let free = |object: &Map<String, Value>, name: &str| {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        names
            .find(|name| !object.contains_key(name))
            .unwrap_or_default()
    };
    for (name, value) in fields {
        let name = free(&object, name);
        if let FieldValue::F64(number) = value
            && !number.is_finite()
        {
            not_finite.insert(name.clone(), Value::from(number.to_string()));
        }
        object.insert(name, value.to_json());
    }
    if !not_finite.is_empty() {
        object.insert(free(&object, "not_finite"), Value::Object(not_finite));
    }
    Value::Object(object)
}

/// A line of any content, which is checked.
fn case(random: &mut Random) -> String {
    let limit = match random.below(4) {
        0 => 1024 + random.below(200) as usize,
        _ => LONGEST,
    };
    let (message, stage) = (random.text(), random.text());
    let fields = (random.fields(), random.fields());
    let json = random.json(4);
    let data = match random.below(3) {
        0 => Data::Json(&json),
        _ => Data::Fields(&fields.0, &fields.1),
    };
    let error = ErrorText {
        error: random.text(),
        chain: (0..random.below(3)).map(|_| random.text()).collect(),
    };
    let has_error = random.below(4) == 0;
    let record = Record {
        time: Timestamp::of(UNIX_EPOCH),
        message: &message,
        error: has_error.then_some(ErrorPart {
            text: &error,
            context: Context::Fields(&fields.1),
        }),
        stage: Some(&stage),
        span: random.next(),
        ..Record::new(LineLevel::Info, EventType(&message, &stage), data)
    };
    let seq = random.next();
    let mut line = Vec::new();
    Envelope::new("pipeline", "0197", limit).encode(&mut line, &record);
    close(&mut line, seq);
    assert!(line.len() <= limit, "{} bytes", line.len());
    let line = String::from_utf8(line).expect("cut at a character");
    let read = read(line.trim_end_matches('\n'));

    assert_eq!(
        (&read["stage"], &read["seq"]),
        (&Value::from(stage.as_str()), &Value::from(seq))
    );
    if !read["original_length"].is_null() {
        assert!(limit < LONGEST, "{line}");
        return line;
    }
    let data = match data {
        Data::Json(Value::Null) => Value::Object(Map::new()),
        Data::Json(Value::Object(_)) => json.clone(),
        Data::Json(_) => serde_json::json!({"value": json}),
        _ => object(&[fields.0, fields.1.clone()].concat()),
    };
    assert!(same(&read["data"], &data), "{data}\n{line}");
    assert_eq!(read["message"], message);
    assert_eq!(read["event_type"], message + &stage);
    if has_error {
        assert_eq!(read["error"], error.error);
        assert_eq!(read["error_chain"], Value::from(error.chain));
        assert!(same(&read["context"], &object(&fields.1)), "{line}");
    }
    line
}

#[test]
fn any_record_is_a_line_that_reads_back() {
    let mut random = Random(5);
    let mut lines = String::new();
    for number in 0..CASES {
        let line = case(&mut random);
        // All of them would make the other process what this waits for.
        if number % 10 == 0 {
            lines.push_str(&line);
        }
    }
    assert_python_agrees(&lines);
}

#[test]
fn numbers_read_back_to_the_last_bit() {
    let mut random = Random(6);
    for _ in 0..CASES {
        let (number, integer) = (random.float(), random.next() as i64);
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, LONGEST);
        encoder.float(number);
        encoder.raw(b" ");
        encoder.signed(integer);
        let text = String::from_utf8(out).expect("text");
        let (float, signed) = text.split_once(' ').expect("two numbers");
        match float.parse::<f64>() {
            Ok(read) => assert_eq!(read.to_bits(), number.to_bits(), "{float}"),
            Err(_) => assert!(float == "null" && !number.is_finite()),
        }
        assert_eq!(signed.parse(), Ok(integer));
    }
}
