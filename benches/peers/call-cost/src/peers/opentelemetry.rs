//! OpenTelemetry's SDK: a counter by result, and a histogram, exported to nowhere.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, MeterProvider};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};

use crate::function::{Failed, body};

static INSTRUMENTS: OnceLock<Instruments> = OnceLock::new();

struct Instruments {
    calls: Counter<u64>,
    seconds: Histogram<f64>,
    /// Without it nothing is aggregated.
    _provider: SdkMeterProvider,
}

struct Nowhere;

impl PushMetricExporter for Nowhere {
    async fn export(&self, _metrics: &ResourceMetrics) -> OTelSdkResult {
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

pub(crate) fn prepare() {
    INSTRUMENTS.get_or_init(|| {
        let builder = SdkMeterProvider::builder().with_periodic_exporter(Nowhere);
        let provider = builder.build();
        let meter = provider.meter("call-cost");
        Instruments {
            calls: meter.u64_counter("calls").build(),
            seconds: meter.f64_histogram("seconds").build(),
            _provider: provider,
        }
    });
}

#[inline(always)]
fn record(start: Instant, result: &Result<u64, Failed>) {
    let instruments = INSTRUMENTS.get().expect("it is prepared");
    let result = if result.is_ok() { "ok" } else { "error" };
    let function = KeyValue::new("function", "sync");
    let seconds = start.elapsed().as_secs_f64();
    instruments
        .calls
        .add(1, &[function.clone(), KeyValue::new("result", result)]);
    instruments.seconds.record(seconds, &[function]);
}

#[inline(never)]
pub(crate) fn sync(n: u64) -> Result<u64, Failed> {
    let start = Instant::now();
    let result = body(n);
    record(start, &result);
    result
}

#[inline(never)]
pub(crate) async fn r#async(n: u64) -> Result<u64, Failed> {
    let start = Instant::now();
    let result = async { body(n) }.await;
    record(start, &result);
    result
}
