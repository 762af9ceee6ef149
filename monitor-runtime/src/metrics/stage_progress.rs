//! How far a stage is.

use std::time::Duration;

use super::grouped::grouped;
use crate::text::rounded;
use monitor_config::duration;

/// How far the calls of a stage are that are under way and have `records_total`, together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StageProgress {
    /// Records that they have handled, as they tell by [`progress`](fn@crate::progress).
    pub done: u64,
    /// Records that they are to handle; `None` while one of them does not know.
    pub total: Option<u64>,
    /// The time since the first of them began.
    pub elapsed: Duration,
}

impl StageProgress {
    /// The part of the records that is handled, from 0 to 1.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        match self.total? {
            0 => Some(1.0),
            total => Some((self.done as f64 / total as f64).min(1.0)),
        }
    }

    /// The time that the rest takes if each record takes as long as those before on average.
    /// `None` while nothing is handled or the total is not known.
    #[must_use]
    pub fn left(&self) -> Option<Duration> {
        let rest = self.total?.saturating_sub(self.done);
        if self.done == 0 {
            return None;
        }
        let each = self.elapsed.as_secs_f64() / self.done as f64;
        Duration::try_from_secs_f64(each * rest as f64).ok()
    }

    /// For people.
    pub(crate) fn sentence(&self) -> String {
        let done = grouped(self.done);
        let (Some(total), Some(share)) = (self.total, self.share()) else {
            return format!("{done} records, of how many is not known yet");
        };
        // What is not whole yet is not called so.
        let percent = (share * 100.0).floor();
        let left = self.time_left();
        format!("{done} of {} records ({percent} %){left}", grouped(total))
    }

    /// What it says of the time, behind the numbers.
    pub(crate) fn time_left(&self) -> String {
        match self.left() {
            // Nobody needs more of an estimate than its seconds.
            Some(left) if !left.is_zero() => {
                let seconds = Duration::from_secs(left.as_secs_f64().ceil() as u64);
                format!(", about {} left", duration::display(rounded(seconds)))
            }
            _ => String::new(),
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.done = self.done.saturating_add(other.done);
        self.total = self
            .total
            .zip(other.total)
            .map(|(total, other)| total.saturating_add(other));
        self.elapsed = self.elapsed.max(other.elapsed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(done: u64, total: Option<u64>) -> StageProgress {
        StageProgress {
            done,
            total,
            elapsed: Duration::from_secs(10),
        }
    }

    #[test]
    fn what_is_left_takes_as_long_as_what_was_done() {
        let quarter = progress(1_000, Some(4_000));
        assert_eq!(quarter.share(), Some(0.25));
        assert_eq!(quarter.left(), Some(Duration::from_secs(30)));
        assert_eq!(
            quarter.sentence(),
            "1,000 of 4,000 records (25 %), about 30 s left"
        );
    }

    #[test]
    fn numbers_that_do_not_fit_are_no_trouble() {
        assert_eq!(progress(0, Some(7)).sentence(), "0 of 7 records (0 %)");
        assert_eq!(progress(0, Some(0)).share(), Some(1.0));
        assert_eq!(progress(7, Some(5)).sentence(), "7 of 5 records (100 %)");
        let nearly = progress(999, Some(1_000)).sentence();
        assert_eq!(nearly, "999 of 1,000 records (99 %), about 1 s left");
        assert_eq!(progress(1, Some(u64::MAX)).left(), None);
        let unknown = "3 records, of how many is not known yet";
        assert_eq!(progress(3, None).sentence(), unknown);
    }

    #[test]
    fn calls_of_a_stage_are_one() {
        let mut sum = progress(1, Some(5));
        sum.add(&progress(2, Some(5)));
        assert_eq!((sum.done, sum.total), (3, Some(10)));
        sum.add(&progress(2, None));
        assert_eq!((sum.done, sum.total), (5, None));
    }
}
