//! tracing, with no subscriber.

use crate::function::{Failed, body};

#[tracing::instrument]
#[inline(never)]
pub(crate) fn sync(n: u64) -> Result<u64, Failed> {
    body(n)
}

#[tracing::instrument]
#[inline(never)]
pub(crate) async fn r#async(n: u64) -> Result<u64, Failed> {
    body(n)
}
