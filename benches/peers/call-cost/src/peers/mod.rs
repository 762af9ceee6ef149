//! Crates that count or time calls, each set up as its documentation shows.

pub(crate) mod autometrics;
pub(crate) mod fastrace;
pub(crate) mod hotpath;
pub(crate) mod metrics;
pub(crate) mod opentelemetry;
pub(crate) mod tracing;
