//! The library, with neither a monitor nor a subscriber installed.

use monitor_runtime::monitored;

use crate::function::{Failed, body};

#[monitored(stage = "CALL-1", level = "off")]
#[inline(never)]
pub(crate) fn off(n: u64) -> Result<u64, Failed> {
    body(n)
}

#[monitored(stage = "CALL-2")]
#[inline(never)]
pub(crate) fn info(n: u64) -> Result<u64, Failed> {
    body(n)
}

#[monitored(stage = "CALL-3", level = "off")]
#[inline(never)]
pub(crate) async fn off_async(n: u64) -> Result<u64, Failed> {
    body(n)
}

#[monitored(stage = "CALL-4")]
#[inline(never)]
pub(crate) async fn info_async(n: u64) -> Result<u64, Failed> {
    body(n)
}
