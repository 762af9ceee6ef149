//! How long a tick of the counter is: measured against `Instant`, the longer the better.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::counter;

/// Nanoseconds a tick, with 32 binary places. One to one before the counter is used.
static RATE: AtomicU64 = AtomicU64::new(1 << 32);

static MEASURED: Mutex<Option<Measured>> = Mutex::new(None);

/// How long the first measurement takes. Both clocks are read to 30 ns, so that it is off by
/// 0.2 % at most.
const FIRST: Duration = Duration::from_micros(20);

/// A rate that is further off than one part of so many was measured while the computer slept
/// or moved to another one.
const TOLERANCE: u64 = 200;

#[derive(Clone, Copy, Debug)]
struct Measured {
    ticks: u64,
    at: Instant,
    /// What the rate was last measured over. Zero where it is to be measured anew.
    over: Duration,
}

#[inline]
pub(super) fn nanos(ticks: u64) -> u64 {
    let rate = RATE.load(Ordering::Relaxed);
    ((u128::from(ticks) * u128::from(rate)) >> 32) as u64
}

/// A tick is a nanosecond.
pub(super) fn set_nanos() {
    RATE.store(1 << 32, Ordering::Relaxed);
}

/// Measures for the first time; whether there is a rate.
pub(super) fn begin() -> bool {
    let mut measured = MEASURED.lock().unwrap_or_else(PoisonError::into_inner);
    if measured.is_some() {
        return true;
    }
    let start = both();
    let mut end = both();
    while end.1 - start.1 < FIRST {
        end = both();
    }
    let Some(rate) = rate(start, end) else {
        return false;
    };
    RATE.store(rate, Ordering::Relaxed);
    *measured = Some(Measured {
        ticks: start.0,
        at: start.1,
        over: end.1 - start.1,
    });
    true
}

/// Measures again, if that is worth it by now.
#[cold]
pub(super) fn refine() {
    // Somebody else is just doing it.
    let Ok(mut guard) = MEASURED.try_lock() else {
        return;
    };
    let Some(measured) = guard.as_mut() else {
        return;
    };
    let now = both();
    if let Some(rate) = measured.refined(RATE.load(Ordering::Relaxed), now) {
        RATE.store(rate, Ordering::Relaxed);
    }
}

impl Measured {
    /// The rate up to `now`, where it is better than the `known` one.
    fn refined(&mut self, known: u64, now: (u64, Instant)) -> Option<u64> {
        let over = now.1.saturating_duration_since(self.at);
        if over < (self.over * 2).max(Duration::from_millis(1)) {
            return None;
        }
        let rate = rate((self.ticks, self.at), now);
        let is_near = |rate: &u64| rate.abs_diff(known) <= known / TOLERANCE;
        let rate = rate.filter(|rate| self.over.is_zero() || is_near(rate));
        if rate.is_some() {
            self.over = over;
        } else {
            (self.ticks, self.at) = now;
            self.over = Duration::ZERO;
        }
        rate
    }
}

/// Both clocks at one moment, as far as that is possible.
fn both() -> (u64, Instant) {
    let before = counter::read();
    let now = Instant::now();
    let after = counter::read();
    (before + after.saturating_sub(before) / 2, now)
}

fn rate(from: (u64, Instant), to: (u64, Instant)) -> Option<u64> {
    let ticks = to.0.checked_sub(from.0).filter(|ticks| *ticks > 0)?;
    let nanos = to.1.saturating_duration_since(from.1).as_nanos();
    u64::try_from((nanos << 32) / u128::from(ticks))
        .ok()
        .filter(|rate| *rate > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 GHz.
    const HALF: u64 = 1 << 31;

    fn after(start: Instant, millis: u64, ticks_a_milli: u64) -> (u64, Instant) {
        let at = start + Duration::from_millis(millis);
        (1_000 + millis * ticks_a_milli, at)
    }

    #[test]
    fn a_longer_measurement_replaces_a_shorter_one() {
        let start = Instant::now();
        let mut measured = Measured {
            ticks: 1_000,
            at: start,
            over: FIRST,
        };
        let rough = HALF + HALF / 1_000;
        let better = measured.refined(rough, after(start, 10, 2_000_000));
        assert_eq!(better, Some(HALF));
        assert_eq!(measured.refined(HALF, after(start, 15, 2_000_000)), None);
        assert!(
            measured
                .refined(HALF, after(start, 20, 2_000_000))
                .is_some()
        );
    }

    #[test]
    fn the_time_that_the_computer_slept_is_not_measured() {
        let start = Instant::now();
        let mut measured = Measured {
            ticks: 1_000,
            at: start,
            over: Duration::from_millis(10),
        };
        // The counter went on for a second more than the clock.
        let (ticks, at) = after(start, 100, 2_000_000);
        let awake = (ticks + 2_000_000_000, at);
        assert_eq!(measured.refined(HALF, awake), None);
        let later = (awake.0 + 20_000_000, awake.1 + Duration::from_millis(10));
        assert_eq!(measured.refined(HALF, later), Some(HALF));
        // And on another computer it counts at another rate.
        let moved = (later.0 + 3_000_000_000, later.1 + Duration::from_secs(1));
        assert_eq!(measured.refined(HALF, moved), None);
        let third = (moved.0 + 3_000_000, moved.1 + Duration::from_millis(1));
        assert_eq!(measured.refined(HALF, third), Some((1 << 32) / 3));
    }
}
