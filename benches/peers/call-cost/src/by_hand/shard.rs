//! Numbers that one thread writes and others may read.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

const PER_OCTAVE: u32 = 32;
/// A power of two, so that masking an index spares its check.
const BUCKETS: usize = 2048;
/// No duration falls into it.
const NONE: u64 = BUCKETS as u64 - 1;

pub(super) struct Shard {
    count: AtomicU64,
    errors: AtomicU64,
    /// In ticks: who reads the numbers knows how long one is.
    sum: AtomicU64,
    buckets: [AtomicU64; BUCKETS],
    /// The bucket of the last call, where it is not counted yet.
    late: AtomicU64,
}

static SHARDS: Mutex<Vec<Arc<Shard>>> = Mutex::new(Vec::new());
static ENDED: Shard = Shard::new();

impl Shard {
    const fn new() -> Self {
        Self {
            count: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            sum: AtomicU64::new(0),
            buckets: [const { AtomicU64::new(0) }; BUCKETS],
            late: AtomicU64::new(NONE),
        }
    }

    #[inline(always)]
    pub(super) fn record(&self, ticks: u64, failed: bool) {
        self.total(ticks, failed);
        add(&self.buckets[bucket(ticks)], 1);
    }

    /// Counts the bucket of the call before. The CPU then knows its address long before
    /// it is loaded, and need not guess whether a store that still waits for the clock
    /// goes to the same one.
    #[inline(always)]
    pub(super) fn record_late(&self, ticks: u64, failed: bool) {
        self.total(ticks, failed);
        let before = self.late.load(Ordering::Relaxed) as usize;
        add(&self.buckets[before & (BUCKETS - 1)], 1);
        self.late.store(bucket(ticks) as u64, Ordering::Relaxed);
    }

    #[inline(always)]
    fn total(&self, ticks: u64, failed: bool) {
        add(&self.count, 1);
        add(&self.sum, ticks);
        if failed {
            add(&self.errors, 1);
        }
    }
}

/// One thread writes: an instruction that locks the cache's line is not needed.
#[inline(always)]
fn add(number: &AtomicU64, more: u64) {
    let now = number.load(Ordering::Relaxed);
    number.store(now.wrapping_add(more), Ordering::Relaxed);
}

/// Without a branch: the shortest calls fall on both sides of 32 ticks by chance, and
/// a branch that is guessed wrongly costs more than all the rest.
#[inline(always)]
fn bucket(ticks: u64) -> usize {
    let exponent = (ticks | 1).ilog2();
    let shift = exponent.saturating_sub(PER_OCTAVE.ilog2());
    let index = u64::from(shift * PER_OCTAVE) + (ticks >> shift);
    index as usize & (BUCKETS - 1)
}

/// A thread's shard, which is folded into the others' when the thread ends.
pub(super) struct Owned(Arc<Shard>);

impl Owned {
    #[cold]
    pub(super) fn new() -> Self {
        let shard = Arc::new(Shard::new());
        let mut shards = SHARDS.lock().expect("no panic");
        shards.push(Arc::clone(&shard));
        Self(shard)
    }

    #[inline(always)]
    pub(super) fn shard(&self) -> &Shard {
        &self.0
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        let mut shards = SHARDS.lock().expect("no panic");
        shards.retain(|shard| !Arc::ptr_eq(shard, &self.0));
        let own = &*self.0;
        add(&own.buckets[own.late.load(Ordering::Relaxed) as usize], 1);
        let totals = [
            (&ENDED.count, &own.count),
            (&ENDED.errors, &own.errors),
            (&ENDED.sum, &own.sum),
        ];
        let buckets = ENDED.buckets.iter().zip(&own.buckets);
        for (sum, own) in totals.into_iter().chain(buckets) {
            add(sum, own.load(Ordering::Relaxed));
        }
    }
}
