//! hotpath, timing only. A call is queued; a thread of its own counts it, at most 65,536
//! calls each 50 ms. Where calls come faster, as in `background`, the queue grows.

use std::mem;

use hotpath::{Format, HotpathGuardBuilder};

use crate::function::{Failed, body};

/// Has it open no port, which a thread would wait at.
pub(crate) const NO_SERVER: &str = "HOTPATH_METRICS_SERVER_OFF";

pub(crate) fn prepare() {
    let guard = HotpathGuardBuilder::new("main").format(Format::None);
    // It counts as long as the guard lives, and reports when it is dropped.
    mem::forget(guard.build());
}

#[hotpath::measure]
#[inline(never)]
pub(crate) fn sync(n: u64) -> Result<u64, Failed> {
    body(n)
}

#[hotpath::measure]
#[inline(never)]
pub(crate) async fn r#async(n: u64) -> Result<u64, Failed> {
    body(n)
}
