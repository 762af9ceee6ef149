//! fastrace, with no reporter.

use crate::function::{Failed, body};

#[fastrace::trace]
#[inline(never)]
pub(crate) fn sync(n: u64) -> Result<u64, Failed> {
    body(n)
}

#[fastrace::trace]
#[inline(never)]
pub(crate) async fn r#async(n: u64) -> Result<u64, Failed> {
    body(n)
}
