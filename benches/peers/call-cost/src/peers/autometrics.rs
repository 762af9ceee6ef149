//! autometrics, for Prometheus.

use autometrics::{autometrics, prometheus_exporter};

use crate::function::{Failed, body};

pub(crate) fn prepare() {
    prometheus_exporter::init();
}

#[autometrics]
#[inline(never)]
pub(crate) fn sync(n: u64) -> Result<u64, Failed> {
    body(n)
}

#[autometrics]
#[inline(never)]
pub(crate) async fn r#async(n: u64) -> Result<u64, Failed> {
    body(n)
}
