//! What encoding costs by itself: `cargo test --release -p monitor-runtime --lib encoding_a_line
//! -- --ignored --nocapture`. What a line costs in all is measured in `benches/peers`.

use std::hint::black_box;
use std::sync::Mutex;
use std::time::{Instant, UNIX_EPOCH};

use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

use super::event::AppEvent;
use super::line::{Envelope, LONGEST, close};
use super::record::{Data, LineLevel, Record};
use super::timestamp::Timestamp;
use crate::fields::FieldValue;

const LINES: u64 = 100_000;

fn median(name: &str, mut encode: impl FnMut(u64)) {
    let mut rounds: Vec<f64> = (0..15)
        .map(|_| {
            let start = Instant::now();
            (0..LINES).for_each(&mut encode);
            start.elapsed().as_nanos() as f64 / LINES as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    eprintln!(
        "{name}: {:.0} ns a line, at best {:.0}",
        rounds[7], rounds[0]
    );
}

#[test]
#[ignore = "a measurement"]
fn encoding_a_line_with_five_fields() {
    let envelope = Envelope::new("pipeline", &"0".repeat(32), LONGEST);
    let mut out = Vec::new();
    let base = Record::new(LineLevel::Info, "PAGE_READ", Data::Fields(&[], &[]));
    let mut encode = |record: &Record<'_>, n| {
        out.clear();
        envelope.encode(&mut out, record);
        close(&mut out, n);
        black_box(&out);
    };

    let mut fields = [
        ("season", FieldValue::Text("2023-24".into())),
        ("page", FieldValue::Null),
        ("delta", FieldValue::Null),
        ("share", FieldValue::Null),
        ("fresh", FieldValue::Null),
    ];
    median("fields", |n| {
        fields[1].1 = FieldValue::U64(n);
        fields[2].1 = FieldValue::I64(-(n as i64));
        fields[3].1 = FieldValue::F64(n as f64 / 7.0);
        fields[4].1 = FieldValue::Bool(n & 1 == 0);
        let data = Data::Fields(&[], black_box(&fields));
        encode(&Record { data, ..base }, n);
    });

    let json = serde_json::json!({"season": "2023-24", "page": 7, "delta": -7, "share": 1.0 / 7.0, "fresh": true});
    let data = Data::Json(black_box(&json));
    median("JSON", |n| encode(&Record { data, ..base }, n));

    let written = Mutex::new((envelope, Vec::new()));
    let subscriber = tracing_subscriber::registry().with(Encodes(written));
    tracing::subscriber::with_default(subscriber, || {
        median("event, with its way through tracing", |n| {
            let (delta, share, fresh) = (-(n as i64), n as f64 / 7.0, n & 1 == 0);
            tracing::info!(
                season = "2023-24",
                page = n,
                delta,
                share,
                fresh,
                "page read"
            );
        });
    });
}

struct Encodes(Mutex<(Envelope, Vec<u8>)>);

impl<S: Subscriber> Layer<S> for Encodes {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let event = AppEvent {
            event,
            spans: &|_| {},
        };
        let data = Data::Event(event);
        let record = Record {
            time: Timestamp::of(UNIX_EPOCH),
            ..Record::new(LineLevel::Info, "log.event", data)
        };
        let mut written = self.0.lock().expect("one thread");
        let (envelope, out) = &mut *written;
        out.clear();
        envelope.encode(out, &record);
        close(out, 1);
        black_box(&*out);
    }
}
