//! Durations in buckets of bounded relative width.
//!
//! Each octave of nanoseconds is cut into 32 equal buckets, so a value and the
//! middle of its bucket differ by at most 1/64, 1.6 %. Below 32 ns every value has
//! its own bucket. An octave is allocated when the first value falls into it: a
//! function whose calls take between 1 ms and 1 s needs 10 of them, 2.5 KiB.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const BITS: u32 = 5;
const PER_OCTAVE: usize = 1 << BITS;
/// Up to 2^47 ns, a day and a half; what is longer counts as that long.
const MAX_EXPONENT: u32 = 46;
const OCTAVES: usize = (MAX_EXPONENT - BITS + 2) as usize;

type Octave = [AtomicU64; PER_OCTAVE];

/// A histogram that many threads write to.
#[derive(Debug)]
pub(crate) struct Histogram {
    octaves: [OnceLock<Box<Octave>>; OCTAVES],
    sum_nanos: AtomicU64,
    max_nanos: AtomicU64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            octaves: [const { OnceLock::new() }; OCTAVES],
            sum_nanos: AtomicU64::new(0),
            max_nanos: AtomicU64::new(0),
        }
    }
}

impl Histogram {
    pub(crate) fn record(&self, duration: Duration) {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        let (octave, bucket) = place(nanos);
        let buckets = self.octaves[octave].get_or_init(Box::default);
        buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum_nanos.fetch_add(nanos, Ordering::Relaxed);
        self.max_nanos.fetch_max(nanos, Ordering::Relaxed);
    }

    pub(crate) fn snapshot(&self) -> HistogramSnapshot {
        let mut buckets = Vec::new();
        for (octave, counts) in self.octaves.iter().enumerate() {
            let Some(counts) = counts.get() else { continue };
            for (bucket, count) in counts.iter().enumerate() {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    buckets.push((middle(octave, bucket), count));
                }
            }
        }
        HistogramSnapshot {
            buckets,
            sum_nanos: self.sum_nanos.load(Ordering::Relaxed),
            max_nanos: self.max_nanos.load(Ordering::Relaxed),
        }
    }
}

fn place(nanos: u64) -> (usize, usize) {
    let nanos = nanos.min((1 << (MAX_EXPONENT + 1)) - 1);
    let exponent = nanos.checked_ilog2().unwrap_or(0);
    if exponent < BITS {
        return (0, nanos as usize);
    }
    let octave = (exponent - BITS + 1) as usize;
    let bucket = (nanos >> (exponent - BITS)) as usize & (PER_OCTAVE - 1);
    (octave, bucket)
}

/// The middle of a bucket, in nanoseconds.
fn middle(octave: usize, bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if octave == 0 {
        return bucket;
    }
    let shift = octave as u32 - 1;
    ((PER_OCTAVE as u64 + bucket) << shift) + ((1 << shift) >> 1)
}

/// Durations as they were counted at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistogramSnapshot {
    /// Middle of the bucket in nanoseconds, and count; in order.
    buckets: Vec<(u64, u64)>,
    sum_nanos: u64,
    max_nanos: u64,
}

impl HistogramSnapshot {
    /// How many durations were recorded.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.buckets.iter().map(|(_, count)| count).sum()
    }

    /// The duration that a share `q` of all stayed below or at, by the nearest-rank
    /// definition: the smallest with at least `q · count` durations up to it. At
    /// most 1.6 % off; `q` outside 0 to 1 counts as the nearer of both. Zero where
    /// nothing was recorded.
    #[must_use]
    pub fn quantile(&self, q: f64) -> Duration {
        let count = self.count();
        let rank = (q.clamp(0.0, 1.0) * count as f64).ceil().max(1.0) as u64;
        let mut below = 0;
        for &(nanos, in_bucket) in &self.buckets {
            below += in_bucket;
            if below >= rank {
                return Duration::from_nanos(nanos.min(self.max_nanos));
            }
        }
        self.max()
    }

    /// The longest duration, exactly.
    #[must_use]
    pub fn max(&self) -> Duration {
        Duration::from_nanos(self.max_nanos)
    }

    /// The sum of all durations.
    #[must_use]
    pub fn total(&self) -> Duration {
        Duration::from_nanos(self.sum_nanos)
    }

    /// The middle of each bucket that is not empty, and its count, in order.
    pub(crate) fn buckets(&self) -> impl Iterator<Item = (Duration, u64)> {
        let buckets = self.buckets.iter();
        buckets.map(|&(nanos, count)| (Duration::from_nanos(nanos), count))
    }

    /// Adds what `other` counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        for &(nanos, count) in &other.buckets {
            match self.buckets.binary_search_by_key(&nanos, |bucket| bucket.0) {
                Ok(index) => self.buckets[index].1 += count,
                Err(index) => self.buckets.insert(index, (nanos, count)),
            }
        }
        self.sum_nanos = self.sum_nanos.saturating_add(other.sum_nanos);
        self.max_nanos = self.max_nanos.max(other.max_nanos);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bucket_is_at_most_1_6_percent_off() {
        let mut nanos = 1_u64;
        while nanos < 1 << 46 {
            for value in [nanos, nanos + 1, nanos + nanos / 3, nanos * 2 - 1] {
                let (octave, bucket) = place(value);
                let error = (middle(octave, bucket) as f64 - value as f64).abs() / value as f64;
                assert!(error <= 1.0 / 64.0, "{value} ns: {error}");
            }
            nanos = nanos * 2 + 1;
        }
    }

    #[test]
    fn quantiles_are_close_to_the_exact_ones() {
        let histogram = Histogram::default();
        // A long-tailed series: squares, shuffled by a stride prime to the length.
        let mut values: Vec<u64> = (0..10_000_u64)
            .map(|i| (i * 7919 % 10_000).pow(2) + 1)
            .collect();
        for &value in &values {
            histogram.record(Duration::from_nanos(value));
        }
        values.sort_unstable();
        let snapshot = histogram.snapshot();
        assert_eq!(snapshot.count(), 10_000);
        assert_eq!(
            snapshot.total().as_nanos(),
            values.iter().map(|&v| u128::from(v)).sum()
        );
        assert_eq!(snapshot.max().as_nanos(), u128::from(values[9_999]));
        for q in [0.0, 0.01, 0.5, 0.95, 0.99, 1.0] {
            let rank = ((q * 10_000.0_f64).ceil() as usize).max(1);
            let exact = values[rank - 1] as f64;
            let got = snapshot.quantile(q).as_nanos() as f64;
            assert!(
                (got - exact).abs() <= exact / 64.0 + 1.0,
                "q {q}: {got} for {exact}"
            );
        }
    }

    #[test]
    fn the_longest_durations_are_kept_and_an_empty_one_is_zero() {
        let histogram = Histogram::default();
        assert_eq!(histogram.snapshot().quantile(0.5), Duration::ZERO);
        histogram.record(Duration::MAX);
        assert_eq!(histogram.snapshot().count(), 1);
        assert!(histogram.snapshot().quantile(0.5) > Duration::from_secs(86_400));
    }

    #[test]
    fn merging_adds_up() {
        let (a, b) = (Histogram::default(), Histogram::default());
        a.record(Duration::from_millis(1));
        b.record(Duration::from_millis(1));
        b.record(Duration::from_secs(1));
        let mut merged = a.snapshot();
        merged.merge(&b.snapshot());
        assert_eq!(merged.count(), 3);
        assert_eq!(merged.max(), Duration::from_secs(1));
        assert_eq!(merged.total(), Duration::from_millis(1_002));
    }
}
