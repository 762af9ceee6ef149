//! Random waits, so that those who failed together do not come back together.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::ids;

/// A source of random numbers that may be seeded: SplitMix64 (Steele, Lea, Flood, 2014),
/// whose state is a counter, so that threads share it without a lock.
#[derive(Debug)]
pub(crate) struct Jitter(AtomicU64);

impl Jitter {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// One that no other process repeats.
    pub(crate) fn random() -> Self {
        Self::seeded(ids::random())
    }

    pub(crate) fn seed(&self, seed: u64) {
        self.0.store(seed, Ordering::Relaxed);
    }

    /// A wait from zero to `longest`, each as likely as any other ("full jitter" in
    /// Brooker, Exponential Backoff And Jitter, 2015). `longest` is a wait that
    /// `max_delay` has bounded already, so that none of them piles up there.
    pub(crate) fn full(&self, longest: Duration) -> Duration {
        let state = self.0.fetch_add(ids::GOLDEN_GAMMA, Ordering::Relaxed);
        let random = ids::split_mix(state.wrapping_add(ids::GOLDEN_GAMMA));
        // 53 bits are what a number from 0 up to 1 can hold.
        let fraction = (random >> 11) as f64 / (1_u64 << 53) as f64;
        let wait = Duration::try_from_secs_f64(longest.as_secs_f64() * fraction);
        wait.map_or(longest, |wait| wait.min(longest))
    }
}

#[cfg(test)]
#[path = "jitter_tests.rs"]
mod tests;
