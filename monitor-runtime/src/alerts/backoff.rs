//! How long to wait before the next attempt.

use std::time::Duration;

/// The waits between attempts: doubled from `first` up to `cap`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    pub(super) first: Duration,
    pub(super) cap: Duration,
}

impl Backoff {
    /// The wait after failed attempt `attempt`, counted from 1.
    pub(super) fn after(self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        self.first.saturating_mul(1 << doublings).min(self.cap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap() {
        const BACKOFF: Backoff = Backoff {
            first: Duration::from_secs(1),
            cap: Duration::from_secs(60),
        };
        let waits: Vec<u64> = (1..10).map(|n| BACKOFF.after(n).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(BACKOFF.after(u32::MAX), BACKOFF.cap);
    }
}
