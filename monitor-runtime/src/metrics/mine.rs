//! What a thread itself has of its counters: the ways to the octaves, which others find in
//! the shard.

use std::array;
use std::cell::{Cell, OnceCell};

use super::finished::Finished;
use super::histogram::{OCTAVES, PER_OCTAVE, place};
use super::kind::{KINDS, Kind, Outcome};
use super::shard::{LateCall, Octave, Shard};
use super::stats::SiteStats;
use super::sync::{Arc, AtomicU32, Ordering};
use super::totals::Own;
use crate::clock::Tick;

/// How far a bucket counts; then it is emptied into what all threads share.
const FULL: u32 = if cfg!(test) { 1_000 } else { u32::MAX - 1 };

/// The ways to the octaves of one kind of calls.
type Table = [OnceCell<Arc<Octave>>; OCTAVES];

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
        if outermost {
            self.count_late(wall);
        } else {
            self.count(Kind::new(Outcome::Ok, false), wall);
        }
    }

    /// A call ends.
    pub(super) fn finish(&self, finished: &Finished) {
        let Finished { kind, times, .. } = *finished;
        finished.add_to::<Own>(self.shard.totals(kind.is_outermost()));
        if times.cpu.is_some() {
            self.plan(finished.reads, times.wall);
        }
        if kind == Kind::OK {
            self.count_late(times.wall);
        } else {
            self.count(kind, times.wall);
        }
    }

    /// Counts the call before, and keeps this one in mind.
    #[inline(always)]
    fn count_late(&self, wall: u64) {
        let late = self.shard.late();
        if let Some(before) = late.get(Ordering::Relaxed) {
            let counter = match self.ok[before.place / PER_OCTAVE].get() {
                Some(buckets) => &buckets[before.place % PER_OCTAVE],
                None => self.bucket(Kind::OK, before.place),
            };
            if before.counted == FULL {
                self.carry(Kind::OK, before.place, counter);
            } else {
                counter.store(before.counted + 1, Ordering::Release);
            }
        }
        let place = place(wall);
        let octave = self.ok[place / PER_OCTAVE].get();
        let counted = octave.map_or(0, |buckets| {
            buckets[place % PER_OCTAVE].load(Ordering::Relaxed)
        });
        late.set(LateCall { place, counted });
    }

    #[cold]
    fn count(&self, kind: Kind, wall: u64) {
        let place = place(wall);
        let counter = self.bucket(kind, place);
        let count = counter.load(Ordering::Relaxed);
        if count == FULL {
            self.carry(kind, place, counter);
        } else {
            // After all else of the call: who sees it has ended sees that it started, too.
            counter.store(count + 1, Ordering::Release);
        }
    }

    /// Empties a bucket that is full, with the call that is one too many.
    #[cold]
    fn carry(&self, kind: Kind, place: usize, counter: &AtomicU32) {
        self.stats.carry(kind, place, u64::from(FULL) + 1, || {
            counter.store(0, Ordering::Relaxed);
            if kind == Kind::OK {
                self.shard.late().clear();
            }
        });
    }

    #[cold]
    fn bucket(&self, kind: Kind, place: usize) -> &AtomicU32 {
        let octave = place / PER_OCTAVE;
        let buckets = self.table(kind)[octave].get_or_init(|| {
            let buckets: Arc<Octave> = Arc::new(array::from_fn(|_| AtomicU32::new(0)));
            self.shard.publish(kind, octave, &buckets);
            buckets
        });
        &buckets[place % PER_OCTAVE]
    }

    fn table(&self, kind: Kind) -> &Table {
        if kind == Kind::OK {
            return &self.ok;
        }
        let new = || Box::new(array::from_fn(|_| new_table()));
        &self.others.get_or_init(new)[kind.index()]
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
