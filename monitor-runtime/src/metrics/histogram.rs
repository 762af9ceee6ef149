//! Durations in buckets of bounded relative width.
//!
//! Each octave of nanoseconds is cut into 32 equal buckets, so a value and the
//! middle of its bucket differ by at most 1/64, 1.6 %. Below 32 ns every value has
//! its own bucket. An octave is allocated when the first value falls into it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const BITS: u32 = 5;
pub(super) const PER_OCTAVE: usize = 1 << BITS;
/// Up to 2^47 ns, a day and a half; what is longer counts as that long.
const MAX_EXPONENT: u32 = 46;
pub(super) const OCTAVES: usize = (MAX_EXPONENT - BITS + 2) as usize;

type Octave = [AtomicU64; PER_OCTAVE];

/// How often there were which durations, for many threads.
#[derive(Debug)]
pub(crate) struct Histogram {
    octaves: [OnceLock<Box<Octave>>; OCTAVES],
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            octaves: [const { OnceLock::new() }; OCTAVES],
        }
    }
}

impl Histogram {
    pub(super) fn record(&self, nanos: u64) {
        self.add(place(nanos), 1);
    }

    pub(super) fn add(&self, place: usize, count: u64) {
        if count > 0 {
            let buckets = self.octaves[place / PER_OCTAVE].get_or_init(Box::default);
            // Who sees that a call ended sees that it started, too.
            buckets[place % PER_OCTAVE].fetch_add(count, Ordering::Release);
        }
    }

    /// Shows what was counted.
    pub(super) fn each(&self, mut see: impl FnMut(usize, u64)) {
        for (octave, buckets) in self.octaves.iter().enumerate() {
            for (bucket, count) in buckets.get().iter().flat_map(|all| all.iter().enumerate()) {
                see(octave * PER_OCTAVE + bucket, count.load(Ordering::Acquire));
            }
        }
    }

    pub(super) fn count(&self) -> u64 {
        let mut all = 0;
        self.each(|_, count| all += count);
        all
    }
}

/// The sums of many, while they are added up.
#[derive(Clone, Debug, Default)]
pub(super) struct Dense(Vec<u64>);

impl Dense {
    pub(super) fn add(&mut self, place: usize, count: u64) {
        if count > 0 {
            self.0.resize(OCTAVES * PER_OCTAVE, 0);
            if let Some(sum) = self.0.get_mut(place) {
                *sum = sum.saturating_add(count);
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if self.0.is_empty() {
            self.0.clone_from(&other.0);
        } else {
            for (sum, count) in self.0.iter_mut().zip(&other.0) {
                *sum = sum.saturating_add(*count);
            }
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.0.iter().sum()
    }

    pub(super) fn snapshot(&self, sum_nanos: u64, max_nanos: u64) -> HistogramSnapshot {
        let places = self.0.iter().enumerate();
        HistogramSnapshot {
            buckets: places
                .filter(|(_, count)| **count > 0)
                .map(|(place, count)| (middle(place), *count))
                .collect(),
            sum_nanos,
            max_nanos,
        }
    }
}

/// The bucket of a duration, as a number that counts through all octaves. Without a branch:
/// the shortest calls fall on both sides of 32 ns by chance, and a processor that guesses
/// wrongly pays for it.
#[inline]
pub(super) fn place(nanos: u64) -> usize {
    let nanos = nanos.min((1 << (MAX_EXPONENT + 1)) - 1);
    let shift = (nanos | 1).ilog2().saturating_sub(BITS);
    (shift as usize) * PER_OCTAVE + (nanos >> shift) as usize
}

/// The middle of a bucket, in nanoseconds.
fn middle(place: usize) -> u64 {
    let (octave, bucket) = (place / PER_OCTAVE, (place % PER_OCTAVE) as u64);
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
        // That of the longest is known exactly.
        if rank >= count {
            return self.max();
        }
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

    /// What was counted since `earlier`. The longest is known to a bucket's width where it is
    /// not the longest of all.
    pub(crate) fn since(&self, earlier: &Self) -> Self {
        let before = |nanos: u64| {
            let found = earlier
                .buckets
                .binary_search_by_key(&nanos, |bucket| bucket.0);
            found.map_or(0, |index| earlier.buckets[index].1)
        };
        let buckets = self.buckets.iter().filter_map(|&(nanos, count)| {
            let more = count.saturating_sub(before(nanos));
            (more > 0).then_some((nanos, more))
        });
        let buckets: Vec<(u64, u64)> = buckets.collect();
        let longest = buckets.last().map_or(0, |bucket| bucket.0);
        Self {
            max_nanos: if self.max_nanos > earlier.max_nanos {
                self.max_nanos
            } else {
                longest.min(self.max_nanos)
            },
            sum_nanos: self.sum_nanos.saturating_sub(earlier.sum_nanos),
            buckets,
        }
    }

    /// From buckets, as a record of a run has them; the middles ascend.
    pub(crate) fn from_parts(buckets: Vec<(u64, u64)>, sum: Duration, max: Duration) -> Self {
        let nanos = |duration: Duration| u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        Self {
            buckets,
            sum_nanos: nanos(sum),
            max_nanos: nanos(max),
        }
    }

    /// So many of each duration, which ascend.
    #[cfg(test)]
    pub(crate) fn of(durations: impl IntoIterator<Item = (Duration, u64)>) -> Self {
        let mut dense = Dense::default();
        let (mut sum, mut max) = (0, 0);
        for (duration, count) in durations {
            let nanos = duration.as_nanos() as u64;
            dense.add(place(nanos), count);
            sum += nanos * count;
            max = max.max(nanos);
        }
        dense.snapshot(sum, max)
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

    fn snapshot_of(values: impl IntoIterator<Item = u64>) -> HistogramSnapshot {
        let (histogram, mut dense) = (Histogram::default(), Dense::default());
        let (mut sum, mut max) = (0_u64, 0);
        for value in values {
            histogram.record(value);
            (sum, max) = (sum.saturating_add(value), value.max(max));
        }
        histogram.each(|place, count| dense.add(place, count));
        dense.snapshot(sum, max)
    }

    #[test]
    fn every_bucket_is_at_most_1_6_percent_off() {
        let mut nanos = 1_u64;
        while nanos < 1 << 46 {
            for value in [nanos, nanos + 1, nanos + nanos / 3, nanos * 2 - 1] {
                let error = (middle(place(value)) as f64 - value as f64).abs() / value as f64;
                assert!(error <= 1.0 / 64.0, "{value} ns: {error}");
            }
            nanos = nanos * 2 + 1;
        }
    }

    #[test]
    fn quantiles_are_close_to_the_exact_ones() {
        // A long-tailed series: squares, shuffled by a stride prime to the length.
        let mut values: Vec<u64> = (0..10_000_u64)
            .map(|i| (i * 7919 % 10_000).pow(2) + 1)
            .collect();
        let snapshot = snapshot_of(values.iter().copied());
        values.sort_unstable();
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

    /// Numbers from 0 to 1 that look random and are the same each time.
    fn shares() -> impl Iterator<Item = f64> {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        std::iter::repeat_with(move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64
        })
    }

    const DAY: f64 = 86_400e9;

    /// All are at most 1.6 % off, at whatever share of the durations: of 20,000 that are
    /// distributed in this way, one nanosecond at least.
    fn assert_close(name: &str, values: impl Iterator<Item = f64>) {
        let values = values.map(|value| value.clamp(1.0, DAY) as u64);
        let mut values: Vec<u64> = values.take(20_000).collect();
        let snapshot = snapshot_of(values.iter().copied());
        values.sort_unstable();
        for q in [
            0.0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0,
        ] {
            let rank = ((q * values.len() as f64).ceil() as usize).max(1);
            let exact = values[rank - 1] as f64;
            let got = snapshot.quantile(q).as_nanos() as f64;
            let error = (got - exact).abs() / exact;
            assert!(error <= 0.016, "{name}, q {q}: {got} for {exact}, {error}");
        }
        assert_eq!(snapshot.count(), 20_000);
    }

    #[test]
    fn quantiles_of_all_kinds_of_distributions_are_at_most_1_6_percent_off() {
        assert_close("uniform", shares().map(|share| share * 1e9));
        assert_close("uniform and short", shares().map(|share| share * 100.0));
        // The sum of twelve is close to a normal distribution around 6.
        let mut all = shares();
        let normal = || all.by_ref().take(12).sum::<f64>() - 6.0;
        let normal = std::iter::repeat_with(normal);
        assert_close("log-normal", normal.map(|x| (13.0 + 2.0 * x).exp()));
        let two = |share: f64| if share < 0.7 { 2_000.0 } else { 5e8 } * (1.0 + share / 9.0);
        assert_close("bimodal", shares().map(two));
        let exponential = |share: f64| -(1.0 - share).ln() * 1e6;
        assert_close("exponential", shares().map(exponential));
        for nanos in [1.0, 31.0, 32.0, 33.0, 1_023.0, 1e9, DAY] {
            assert_close("constant", std::iter::repeat(nanos));
        }
        // From 1 ns to a day, each octave as often as any other.
        let all = |share: f64| DAY.powf(share);
        assert_close("of all lengths", shares().map(all));
    }

    #[test]
    fn the_places_are_in_order_and_none_is_outside() {
        let mut last = 0;
        for exponent in 0..64 {
            for offset in [-1_i64, 0, 1] {
                let nanos = (1_u64 << exponent).saturating_add_signed(offset);
                let place = place(nanos);
                assert!(place >= last || offset < 0, "{nanos}");
                assert!(place < OCTAVES * PER_OCTAVE, "{nanos}");
                last = place;
            }
        }
        assert_eq!(place(u64::MAX), OCTAVES * PER_OCTAVE - 1);
        assert_eq!(place(1 << (MAX_EXPONENT + 1)), place(u64::MAX));
        for place_of in 0..OCTAVES * PER_OCTAVE {
            assert_eq!(place(middle(place_of)), place_of);
        }
    }

    #[test]
    fn the_longest_durations_are_kept_and_an_empty_one_is_zero() {
        assert_eq!(snapshot_of([]).quantile(0.5), Duration::ZERO);
        let longest = snapshot_of([u64::MAX]);
        assert_eq!(longest.count(), 1);
        assert!(longest.quantile(0.5) > Duration::from_secs(86_400));
    }

    #[test]
    fn merging_adds_up() {
        let millis = 1_000_000;
        let mut merged = snapshot_of([millis]);
        merged.merge(&snapshot_of([millis, 1_000 * millis]));
        assert_eq!(merged.count(), 3);
        assert_eq!(merged.max(), Duration::from_secs(1));
        assert_eq!(merged.total(), Duration::from_millis(1_002));
    }
}
