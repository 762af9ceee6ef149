//! How long a call has been running, for its deadline.

use std::time::{Duration, Instant};

use crate::core::CoreRef;

/// When a call began.
#[derive(Clone, Copy, Debug)]
pub struct Started {
    at: Moment,
    /// All waits that had been skipped then. Those since count as time, also those of
    /// other loops within this one.
    skipped: Duration,
}

/// A moment of the clock that the call's waits go by.
#[derive(Clone, Copy, Debug)]
enum Moment {
    System(Instant),
    /// tokio's, which a test can stop.
    #[cfg(feature = "tokio")]
    Tokio(tokio::time::Instant),
}

impl Started {
    /// A sync call begins.
    pub(super) fn now() -> Self {
        Self::at(Moment::System(Instant::now()))
    }

    /// An async call begins.
    pub(super) fn now_async() -> Self {
        #[cfg(feature = "tokio")]
        return Self::at(Moment::Tokio(tokio::time::Instant::now()));
        #[cfg(not(feature = "tokio"))]
        Self::now()
    }

    fn at(at: Moment) -> Self {
        Self {
            at,
            skipped: skipped(),
        }
    }

    /// How long ago that was.
    pub(super) fn elapsed(&self) -> Duration {
        let passed = match self.at {
            Moment::System(at) => at.elapsed(),
            #[cfg(feature = "tokio")]
            Moment::Tokio(at) => at.elapsed(),
        };
        passed.saturating_add(skipped().saturating_sub(self.skipped))
    }
}

fn skipped() -> Duration {
    CoreRef::current().skipped_time().unwrap_or_default()
}
