//! The retry schedule: how many attempts, and how long to wait between them.

use std::time::Duration;

use crate::duration::{display, from_nanos};

/// How often a call is attempted, and how long to wait between the attempts.
///
/// After failed attempt n the wait is `delay * factor^n`, so that the first wait is already `delay * factor`. A factor
/// below 1, or one that is no number, counts as 1: waits never shrink.
///
/// ```
/// use monitor_config::Schedule;
/// use std::time::Duration;
///
/// let schedule = Schedule::new(3, Duration::from_secs(2));
/// assert_eq!(schedule.describe(), "up to 3 attempts, waits 4 s, 8 s");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    /// The number of attempts in all, the first one included.
    pub max: u32,
    /// The base of the waits.
    pub delay: Duration,
    /// By how much each wait is longer than the one before.
    pub factor: f64,
    /// The longest single wait.
    pub max_delay: Option<Duration>,
}

impl Schedule {
    /// A schedule whose waits double without a limit.
    ///
    /// ```
    /// use monitor_config::Schedule;
    /// use std::time::Duration;
    ///
    /// const SCHEDULE: Schedule = Schedule::new(3, Duration::from_secs(2));
    /// assert_eq!(SCHEDULE.factor, 2.0);
    /// ```
    #[must_use]
    pub const fn new(max: u32, delay: Duration) -> Self {
        Self {
            max,
            delay,
            factor: 2.0,
            max_delay: None,
        }
    }

    /// The wait after failed attempt `attempt`, counted from 1; `None` when that attempt was the last.
    ///
    /// ```
    /// use monitor_config::Schedule;
    /// use std::time::Duration;
    ///
    /// let schedule = Schedule::new(3, Duration::from_secs(2));
    /// assert_eq!(schedule.wait_after(1), Some(Duration::from_secs(4)));
    /// assert_eq!(schedule.wait_after(2), Some(Duration::from_secs(8)));
    /// assert_eq!(schedule.wait_after(3), None);
    /// ```
    #[must_use]
    pub fn wait_after(&self, attempt: u32) -> Option<Duration> {
        (attempt < self.max).then(|| self.wait(attempt))
    }

    /// All waits in their order.
    ///
    /// ```
    /// use monitor_config::Schedule;
    /// use std::time::Duration;
    ///
    /// let waits = Schedule::new(4, Duration::from_millis(500)).waits();
    /// assert_eq!(waits.map(|wait| wait.as_secs()).collect::<Vec<_>>(), [1, 2, 4]);
    /// ```
    pub fn waits(&self) -> impl Iterator<Item = Duration> + use<> {
        let schedule = *self;
        (1..schedule.max).map(move |attempt| schedule.wait(attempt))
    }

    /// The sum of all waits: the longest that the schedule can sleep.
    ///
    /// ```
    /// use monitor_config::Schedule;
    /// use std::time::Duration;
    ///
    /// let schedule = Schedule::new(3, Duration::from_secs(2));
    /// assert_eq!(schedule.total_wait(), Duration::from_secs(12));
    /// ```
    #[must_use]
    pub fn total_wait(&self) -> Duration {
        /// Up to so many different waits are added one by one; beyond, a formula is near enough.
        const ADDED: u32 = 10_000;

        let count = self.max.saturating_sub(1);
        let (first, last) = (self.wait(1), self.wait(count));
        if first == last {
            return first.saturating_mul(count);
        }
        // Waits never shrink: those that reached the longest one are the end of the schedule.
        let growing = partition_point(count, |attempt| self.wait(attempt) < last);
        let head = if growing <= ADDED {
            (1..=growing).fold(Duration::ZERO, |sum, attempt| {
                sum.saturating_add(self.wait(attempt))
            })
        } else {
            let factor = self.growth();
            let powers = (power(factor, growing.saturating_add(1)) - factor) / (factor - 1.0);
            from_seconds(self.delay.as_secs_f64() * powers)
        };
        head.saturating_add(last.saturating_mul(count - growing))
    }

    /// The schedule as documentation lines show it, with at most five waits.
    ///
    /// ```
    /// use monitor_config::Schedule;
    /// use std::time::Duration;
    ///
    /// assert_eq!(Schedule::new(1, Duration::from_secs(2)).describe(), "1 attempt, no wait");
    /// ```
    #[must_use]
    pub fn describe(&self) -> String {
        const SHOWN: usize = 5;

        if self.max <= 1 {
            return "1 attempt, no wait".to_owned();
        }
        // The last wait is the longest.
        if self.wait(self.max - 1).is_zero() {
            return format!("up to {} attempts, no wait", self.max);
        }
        let more = self.waits().nth(SHOWN).map(|_| "…".to_owned());
        let waits: Vec<String> = self.waits().take(SHOWN).map(display).chain(more).collect();
        format!("up to {} attempts, waits {}", self.max, waits.join(", "))
    }

    /// The wait after failed attempt `attempt`, whether or not the attempt was the last.
    fn wait(&self, attempt: u32) -> Duration {
        let factor = self.growth();
        let wait = if self.delay.is_zero() || factor == 1.0 {
            self.delay
        } else if factor == 2.0 {
            // In whole numbers: 2 s must give 4 s and 8 s to the nanosecond.
            1_u128
                .checked_shl(attempt)
                .and_then(|power| self.delay.as_nanos().checked_mul(power))
                .and_then(from_nanos)
                .unwrap_or(Duration::MAX)
        } else {
            from_seconds(self.delay.as_secs_f64() * power(factor, attempt))
        };
        self.max_delay.map_or(wait, |longest| wait.min(longest))
    }

    fn growth(&self) -> f64 {
        // `max` gives the other number where one is NaN.
        self.factor.max(1.0)
    }
}

fn power(factor: f64, exponent: u32) -> f64 {
    factor.powf(f64::from(exponent))
}

fn from_seconds(seconds: f64) -> Duration {
    // Seconds are a product of numbers from zero up: too many is the one thing that they can be.
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

/// How many of the numbers 1 to `count` hold, given that none holds after one that does not.
fn partition_point(count: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if holds(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}
