//! Not speaking faster than the other side listens.

use std::time::{Duration, Instant};

/// One message every `every`, after a burst of `burst` at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// The time between messages in the long run.
    pub(crate) every: Duration,
    /// How many may go out at once after a silence.
    pub(crate) burst: u32,
}

/// Keeps a [`Pace`]. It holds one point in time, from which the messages still
/// free of charge can be told, so nothing has to be refilled.
#[derive(Debug)]
pub(super) struct Pacer {
    pace: Pace,
    /// When everything that was sent is paid for.
    paid_at: Instant,
}

impl Pacer {
    pub(super) fn new(pace: Pace, now: Instant) -> Self {
        Self { pace, paid_at: now }
    }

    /// How long the next message has to wait.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        let credit = self.pace.every * self.pace.burst.saturating_sub(1);
        self.paid_at
            .saturating_duration_since(now)
            .saturating_sub(credit)
    }

    /// Counts a message that goes out now.
    pub(super) fn spend(&mut self, now: Instant) {
        self.paid_at = self.paid_at.max(now) + self.pace.every;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_free_and_then_the_pace_holds() {
        let start = Instant::now();
        let every = Duration::from_secs(1);
        let mut pacer = Pacer::new(Pace { every, burst: 3 }, start);
        let mut now = start;
        let mut sent_at = Vec::new();
        for _ in 0..6 {
            now += pacer.wait(now);
            pacer.spend(now);
            sent_at.push((now - start).as_secs());
        }
        assert_eq!(sent_at, [0, 0, 0, 1, 2, 3]);

        let rested = now + Duration::from_secs(10);
        assert_eq!(pacer.wait(rested), Duration::ZERO);
        for _ in 0..3 {
            assert_eq!(pacer.wait(rested), Duration::ZERO);
            pacer.spend(rested);
        }
        assert_eq!(pacer.wait(rested), every);
    }
}
