//! What one thread counts of one function: written by that thread alone, read by any.
//!
//! It costs about 1.1 KiB: 344 bytes of places for octaves, 220 of sums, and 160 for each
//! octave of nanoseconds that a call fell into, of which a function needs two to four. At
//! most, with calls of each length from 1 ns to a day that end in all ways, 73 KiB.

use std::array;
use std::cell::{Cell, OnceCell};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::histogram::{OCTAVES, PER_OCTAVE, place};
use super::stats::{Finished, KINDS, Kind, Outcome, SiteStats};
use super::totals::{Own, Totals};
use crate::clock::Tick;

/// Counts of the durations in one octave.
pub(crate) type Octave = [AtomicU32; PER_OCTAVE];

/// How far a bucket counts; then it is emptied into what all threads share.
const FULL: u32 = if cfg!(test) { 1_000 } else { u32::MAX };

/// What others see.
#[derive(Debug, Default)]
pub(crate) struct Shard {
    pub(crate) outermost: Totals,
    pub(crate) nested: Totals,
    octaves: Mutex<Vec<(Kind, usize, Arc<Octave>)>>,
}

impl Shard {
    pub(crate) fn totals(&self, outermost: bool) -> &Totals {
        if outermost {
            &self.outermost
        } else {
            &self.nested
        }
    }

    /// Shows each octave.
    pub(crate) fn each_octave(&self, mut see: impl FnMut(Kind, usize, &Octave)) {
        let octaves = self.octaves.lock().unwrap_or_else(PoisonError::into_inner);
        for (kind, octave, buckets) in octaves.iter() {
            see(*kind, *octave, buckets);
        }
    }
}

/// The ways to the octaves of one kind of calls.
type Table = [OnceCell<Arc<Octave>>; OCTAVES];

/// What the thread itself has.
#[derive(Debug)]
pub(super) struct Mine {
    pub(super) stats: &'static SiteStats,
    pub(super) shard: Arc<Shard>,
    /// Of outermost calls that succeed, which most do.
    ok: Table,
    others: OnceCell<Box<[Table; KINDS]>>,
    /// How many calls begin until the CPU time of one is measured.
    until_measured: Cell<u32>,
}

/// What two reads of the CPU clock cost, in nanoseconds, and how many times longer than
/// that a call has to be for which they are made: they are to cost 2 % at most.
const READS: u64 = 800;
const TIMES: u64 = 50;
/// The fewest calls that are measured.
const RAREST: u64 = 1 << 20;

impl Mine {
    pub(super) fn new(stats: &'static SiteStats, shard: Arc<Shard>) -> Self {
        Self {
            stats,
            shard,
            ok: new_table(),
            others: OnceCell::new(),
            until_measured: Cell::new(1),
        }
    }

    /// Counts that a call begins, unless its CPU time is to be measured.
    #[inline(always)]
    pub(super) fn start_plain(&self, outermost: bool) -> bool {
        let left = self.until_measured.get();
        if left <= 1 {
            return false;
        }
        self.until_measured.set(left - 1);
        self.shard.totals(outermost).start::<Own>();
        true
    }

    /// A call begins; whether its CPU time is to be measured.
    pub(super) fn start(&self, outermost: bool) -> bool {
        let is_plain = self.start_plain(outermost);
        if !is_plain {
            self.shard.totals(outermost).start::<Own>();
        }
        !is_plain
    }

    /// Counts that a call succeeded of which nothing else is to be counted.
    #[inline(always)]
    pub(super) fn succeed(&self, outermost: bool, wall: u64, idle: u64, at: Tick) {
        let totals = self.shard.totals(outermost);
        totals.finish::<Own>(wall, idle, Some(at.to_bits()));
        self.count(Kind::new(Outcome::Ok, outermost), wall);
    }

    /// A call ends.
    pub(super) fn finish(&self, finished: &Finished) {
        let Finished { kind, times, .. } = *finished;
        finished.add_to::<Own>(self.shard.totals(kind.is_outermost()));
        if times.cpu.is_some() {
            self.plan(finished.reads, times.wall);
        }
        self.count(kind, times.wall);
    }

    #[inline(always)]
    fn count(&self, kind: Kind, wall: u64) {
        let (octave, bucket) = place(wall);
        let table = if kind == Kind::OK {
            &self.ok
        } else {
            self.other(kind)
        };
        let buckets = match table[octave].get() {
            Some(buckets) => buckets,
            None => self.publish(&table[octave], kind, octave),
        };
        let counter = &buckets[bucket];
        let count = counter.load(Ordering::Relaxed);
        if count == FULL {
            self.carry(kind, octave, bucket, counter);
        } else {
            // After all else of the call: who sees it has ended sees that it started, too.
            counter.store(count + 1, Ordering::Release);
        }
    }

    #[cold]
    fn carry(&self, kind: Kind, octave: usize, bucket: usize, counter: &AtomicU32) {
        let count = u64::from(counter.load(Ordering::Relaxed));
        let empty = || counter.store(0, Ordering::Relaxed);
        self.stats.carry(kind, octave, bucket, count + 1, empty);
    }

    #[cold]
    fn other(&self, kind: Kind) -> &Table {
        let others = self
            .others
            .get_or_init(|| Box::new(array::from_fn(|_| new_table())));
        &others[kind.index()]
    }

    #[cold]
    fn publish<'a>(
        &self,
        place: &'a OnceCell<Arc<Octave>>,
        kind: Kind,
        octave: usize,
    ) -> &'a Octave {
        place.get_or_init(|| {
            let buckets: Arc<Octave> = Arc::default();
            let mut octaves = self
                .shard
                .octaves
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            octaves.push((kind, octave, Arc::clone(&buckets)));
            buckets
        })
    }

    /// Plans when the next call is measured, by how long this one took.
    #[cold]
    fn plan(&self, reads: u32, wall: u64) {
        let cost = READS * TIMES * u64::from(reads.max(1));
        let gap = (cost / wall.max(1)).clamp(1, RAREST);
        // Not in step with what comes at regular intervals.
        let more = if gap > 1 { wall % gap } else { 0 };
        self.until_measured.set((gap + more) as u32);
    }
}

fn new_table() -> Table {
    [const { OnceCell::new() }; OCTAVES]
}
