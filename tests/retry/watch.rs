//! What a test of a retried function watches: attempts, clones and drops.

use std::error::Error;
use std::fmt::{self, Display};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use monitor_runtime::testing::{Capture, capture};

/// Skips waits, and gives what fails `failures` times and what counts.
pub(crate) fn watched(failures: u32) -> (Capture, Service, Counts) {
    (capture(), Service::failing(failures), Counts::default())
}

/// Fails the first calls.
#[derive(Debug)]
pub(crate) struct Service {
    failures: u32,
    calls: AtomicU32,
}

impl Service {
    pub(crate) const fn failing(failures: u32) -> Self {
        Self {
            failures,
            calls: AtomicU32::new(0),
        }
    }

    /// The number of this call, counted from 1.
    pub(crate) fn call(&self) -> Result<u32, Unavailable> {
        let n = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        if n > self.failures {
            Ok(n)
        } else {
            Err(Unavailable(n))
        }
    }

    pub(crate) fn calls(&self) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }
}

/// The call with this number failed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unavailable(pub(crate) u32);

impl Unavailable {
    pub(crate) fn is_early(&self) -> bool {
        self.0 < 2
    }
}

impl Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "call {} failed", self.0)
    }
}

impl Error for Unavailable {}

/// How often the rows made from it were cloned and dropped.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts(Arc<(AtomicU32, AtomicU32)>);

impl Counts {
    /// The row whose id each attempt has to see.
    pub(crate) fn row(&self) -> Row {
        Row {
            id: 7,
            counts: self.clone(),
        }
    }

    pub(crate) fn clones_and_drops(&self) -> (u32, u32) {
        let (clones, drops) = &*self.0;
        (
            clones.load(Ordering::Relaxed),
            drops.load(Ordering::Relaxed),
        )
    }
}

/// A value that counts its clones and drops.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: u32,
    counts: Counts,
}

impl Clone for Row {
    fn clone(&self) -> Self {
        self.counts.0.0.fetch_add(1, Ordering::Relaxed);
        Self {
            id: self.id,
            counts: self.counts.clone(),
        }
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        self.counts.0.1.fetch_add(1, Ordering::Relaxed);
    }
}

/// A row in something else.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) row: Row,
    pub(crate) number: u32,
}

/// Takes what it is given.
pub(crate) fn consume(row: Row) -> u32 {
    row.id
}
