//! A record as one line of JSON, its keys in the order that the format fixes.

use serde_json::Value;

use super::encoder::Encoder;
use super::escape::hex;
use super::members::Members;
use super::record::{Context, Data, LineLevel, Record};
use crate::fields::FieldValue;

/// How long a line may be unless said otherwise.
pub(crate) const LONGEST: usize = 256 * 1024;
/// The shortest limit on a line: what stands in each is shorter.
pub(crate) const SHORTEST_LIMIT: usize = 1024;
/// What is kept free for what follows on the data, and of that for what follows on stage
/// and function.
const END: usize = SHORTEST_LIMIT / 2;
const VERY_END: usize = END / 2;
/// How long the run's name may be, as it stands in each line.
const LONGEST_NAME: usize = 256;

/// What is the same in each line of a run, encoded once.
#[derive(Debug)]
pub(crate) struct Envelope {
    /// `,"name":"nba_pipeline","message":`
    name: Vec<u8>,
    /// `,"run_id":"0197…"`
    run: Vec<u8>,
    /// How long a line may be.
    limit: usize,
}

impl Envelope {
    pub(crate) fn new(name: &str, run_id: &str, limit: usize) -> Self {
        let member = |key: &str, value: &str, after: &str| {
            let mut out = Vec::new();
            let mut encoder = Encoder::new(&mut out, LONGEST_NAME);
            encoder.raw(b",");
            encoder.text(key);
            encoder.raw(b":");
            encoder.text(value);
            encoder.raw(after.as_bytes());
            out
        };
        Self {
            name: member("name", name, ",\"message\":"),
            run: member("run_id", run_id, ""),
            limit: limit.max(SHORTEST_LIMIT),
        }
    }

    /// Appends the line to `out`, open at its end: `seq` and the closing brace come when
    /// the line is written, see [`close`].
    pub(crate) fn encode(&self, out: &mut Vec<u8>, record: &Record<'_>) {
        let begin = out.len();
        let room = begin + self.limit - END;
        // However much data there is, the error is said.
        let for_error = record.error.map_or(0, |_| self.limit / 4);
        let mut encoder = Encoder::new(out, room - for_error);
        head(&mut encoder, record);
        encoder.raw(&self.name);
        if let Data::Event(event) = record.data {
            event.encode(&mut encoder);
        } else {
            encoder.text(record.message);
            event_type(&mut encoder, record);
            data(&mut encoder, record.data);
        }
        encoder.set_limit(room);
        if let Some(error) = &record.error {
            encoder.raw(b",\"error\":");
            encoder.text(&error.text.error);
            encoder.raw(b",\"error_chain\":[");
            let mut first = true;
            for cause in &error.text.chain {
                if encoder.has_room(|| cause.len()) {
                    encoder.comma(&mut first);
                    encoder.text(cause);
                }
            }
            encoder.raw(b"],\"context\":");
            match error.context {
                Context::Fields(fields) => object(&mut encoder, &[], fields),
                Context::Json(value) => encoder.value(value),
            }
        }
        encoder.set_limit(begin + self.limit - VERY_END);
        for (key, value) in [("stage", record.stage), ("function", record.function)] {
            if let Some(value) = value {
                encoder.raw(b",\"");
                encoder.raw(key.as_bytes());
                encoder.raw(b"\":");
                encoder.text(value);
            }
        }
        encoder.raw(&self.run);
        for (key, id) in [
            (b",\"span_id\":\"".as_slice(), record.span),
            (b",\"parent_span_id\":\"".as_slice(), record.parent_span),
        ] {
            if id != 0 {
                encoder.raw(key);
                encoder.raw(&hex_digits(id));
                encoder.raw(b"\"");
            }
        }
        let left_out = encoder.left_out();
        if left_out > 0 {
            encoder.raw(b",\"original_length\":");
            let length = encoder.out.len() - begin + left_out;
            encoder.unsigned(length as u64);
        }
    }
}

/// Ends a line with its number.
pub(crate) fn close(out: &mut Vec<u8>, seq: u64) {
    let mut encoder = Encoder::new(out, usize::MAX);
    encoder.raw(b",\"seq\":");
    encoder.unsigned(seq);
    encoder.raw(b"}\n");
}

/// `{"timestamp":"…","level":"…"`
fn head(encoder: &mut Encoder<'_>, record: &Record<'_>) {
    encoder.raw(b"{\"timestamp\":\"");
    match record.time.digits() {
        Some((second, micros)) => {
            encoder.raw(&second);
            encoder.raw(&micros);
        }
        None => encoder.inside(&record.time.to_string()),
    }
    encoder.raw(match record.level {
        LineLevel::Trace => b"\",\"level\":\"TRACE\"",
        LineLevel::Debug => b"\",\"level\":\"DEBUG\"",
        LineLevel::Info => b"\",\"level\":\"INFO\"",
        LineLevel::Warning => b"\",\"level\":\"WARNING\"",
        LineLevel::Error => b"\",\"level\":\"ERROR\"",
        LineLevel::Critical => b"\",\"level\":\"CRITICAL\"",
    });
}

/// `,"event_type":"…","data":`
fn event_type(encoder: &mut Encoder<'_>, record: &Record<'_>) {
    encoder.raw(b",\"event_type\":\"");
    encoder.inside(record.event_type.0);
    encoder.inside(record.event_type.1);
    encoder.raw(b"\",\"data\":");
}

fn data(encoder: &mut Encoder<'_>, data: Data<'_>) {
    match data {
        Data::Fields(measured, named) => object(encoder, measured, named),
        // In one go with the message.
        Data::Event(_) => {}
        Data::Json(Value::Null) => encoder.raw(b"{}"),
        Data::Json(value @ Value::Object(_)) => encoder.value(value),
        // `data` is always an object, so that a reader need not ask.
        Data::Json(value) => {
            encoder.raw(b"{\"value\":");
            encoder.value(value);
            encoder.raw(b"}");
        }
    }
}

type Named = (&'static str, FieldValue);

fn object(encoder: &mut Encoder<'_>, measured: &[Named], named: &[Named]) {
    let mut members = Members::open(encoder);
    for (name, value) in measured.iter().chain(named) {
        members.field(name, value);
    }
    members.close();
}

fn hex_digits(id: u64) -> [u8; 16] {
    let mut digits = [0; 16];
    for (index, digit) in digits.iter_mut().enumerate() {
        *digit = hex((id >> (60 - 4 * index) & 0xf) as u8);
    }
    digits
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
