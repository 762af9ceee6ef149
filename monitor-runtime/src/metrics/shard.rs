//! What one thread counts of one function: written by that thread alone, read by any.
//!
//! It costs about 1.4 KiB: 688 bytes of places for octaves, 240 of sums, and 144 for each
//! octave of nanoseconds that a call fell into, of which a function needs two to four. At
//! most, with calls of each length from 1 ns to a day that end in all ways, 68 KiB.

use std::array;

use super::finished::Finished;
use super::histogram::{OCTAVES, PER_OCTAVE, place};
use super::kind::{KINDS, Kind, Outcome};
use super::late::{Late, LateCall};
use super::stats::SiteStats;
use super::sync::{AtomicU32, FULL, OnceLock, Ordering};
use super::totals::{Own, Totals};
use crate::clock::Tick;

/// What two reads of the CPU clock cost, in nanoseconds, and how many times longer than
/// that a call has to be for which they are made: they are to cost 2 % at most.
const READS: u64 = 800;
const TIMES: u64 = 50;
/// The fewest calls that are measured.
const RAREST: u64 = 1 << 20;

/// How many are not measured while the first one is.
const MEANWHILE: u32 = 64;

/// Counts of the durations in one octave.
type Octave = [AtomicU32; PER_OCTAVE];

/// Counts of the durations of one kind of calls.
#[derive(Debug)]
struct Table([OnceLock<Box<Octave>>; OCTAVES]);

#[derive(Debug)]
pub(crate) struct Shard {
    /// How many calls begin until the CPU time of one is measured.
    until_measured: AtomicU32,
    late: Late,
    outermost: Totals,
    nested: Totals,
    others: OnceLock<Box<[Table; KINDS]>>,
    /// Of outermost calls that succeed, which most do.
    ok: Table,
}

impl Default for Shard {
    fn default() -> Self {
        Self {
            until_measured: AtomicU32::new(1),
            late: Late::default(),
            outermost: Totals::default(),
            nested: Totals::default(),
            others: OnceLock::new(),
            ok: Table::default(),
        }
    }
}

impl Default for Table {
    fn default() -> Self {
        Self(array::from_fn(|_| OnceLock::new()))
    }
}

impl Table {
    #[cold]
    fn bucket(&self, place: usize) -> &AtomicU32 {
        let new = || Box::new(array::from_fn(|_| AtomicU32::new(0)));
        &self.0[place / PER_OCTAVE].get_or_init(new)[place % PER_OCTAVE]
    }

    fn each(&self, mut see: impl FnMut(usize, u32)) {
        for (octave, buckets) in self.0.iter().enumerate() {
            for (bucket, count) in buckets.get().iter().flat_map(|all| all.iter().enumerate()) {
                see(octave * PER_OCTAVE + bucket, count.load(Ordering::Acquire));
            }
        }
    }
}

/// For the thread that it belongs to.
impl Shard {
    /// Counts that a call begins, unless its CPU time is to be measured.
    #[inline(always)]
    pub(super) fn start_plain(&self, outermost: bool) -> bool {
        let left = self.until_measured.load(Ordering::Relaxed);
        if left <= 1 {
            return false;
        }
        self.until_measured.store(left - 1, Ordering::Relaxed);
        self.totals(outermost).start::<Own>();
        true
    }

    /// A call begins; whether its CPU time is to be measured.
    pub(super) fn start(&self, outermost: bool) -> bool {
        let is_plain = self.start_plain(outermost);
        if !is_plain {
            self.totals(outermost).start::<Own>();
            // Until it ends, which may be in another thread.
            self.until_measured.store(MEANWHILE, Ordering::Relaxed);
        }
        !is_plain
    }

    /// Counts that a call succeeded of which nothing else is to be counted.
    #[inline(always)]
    pub(super) fn succeed(
        &self,
        stats: &SiteStats,
        outermost: bool,
        wall: u64,
        idle: u64,
        at: Tick,
    ) {
        let totals = self.totals(outermost);
        totals.finish::<Own>(wall, idle, Some(at.to_bits()));
        if outermost {
            self.count_late(stats, wall);
        } else {
            self.count(stats, Kind::new(Outcome::Ok, false), wall);
        }
    }

    /// A call ends.
    pub(super) fn finish(&self, stats: &SiteStats, finished: &Finished) {
        let Finished { kind, times, .. } = *finished;
        finished.add_to::<Own>(self.totals(kind.is_outermost()));
        if times.cpu.is_some() {
            self.plan(finished.reads, times.wall);
        } else if self.until_measured.load(Ordering::Relaxed) <= 1 {
            // The system does not tell: there is no use in asking each time.
            self.until_measured.store(RAREST as u32, Ordering::Relaxed);
        }
        if kind == Kind::OK {
            self.count_late(stats, times.wall);
        } else {
            self.count(stats, kind, times.wall);
        }
    }

    /// Counts the call before, and keeps this one in mind.
    #[inline(always)]
    fn count_late(&self, stats: &SiteStats, wall: u64) {
        if let Some(before) = self.late.get() {
            let counter = match self.ok.0[before.place / PER_OCTAVE].get() {
                Some(buckets) => &buckets[before.place % PER_OCTAVE],
                None => self.ok.bucket(before.place),
            };
            let more = before.counted.wrapping_add(1);
            if more & FULL == 0 {
                self.carry(stats, Kind::OK, before.place, (counter, before.counted));
            } else {
                counter.store(more, Ordering::Release);
            }
        }
        let place = place(wall);
        let octave = self.ok.0[place / PER_OCTAVE].get();
        let counted = octave.map_or(0, |buckets| {
            buckets[place % PER_OCTAVE].load(Ordering::Relaxed)
        });
        self.late.set(LateCall { place, counted });
    }

    #[cold]
    fn count(&self, stats: &SiteStats, kind: Kind, wall: u64) {
        let place = place(wall);
        let others = || Box::new(array::from_fn(|_| Table::default()));
        let table = &self.others.get_or_init(others)[kind.index()];
        let counter = table.bucket(place);
        let count = counter.load(Ordering::Relaxed);
        if count & FULL == FULL {
            self.carry(stats, kind, place, (counter, count));
        } else {
            // After all else of the call: who sees it has ended sees that it started, too.
            counter.store(count + 1, Ordering::Release);
        }
    }

    /// Empties a bucket that is full, with the call that is one too many.
    #[cold]
    fn carry(
        &self,
        stats: &SiteStats,
        kind: Kind,
        place: usize,
        (counter, counted): (&AtomicU32, u32),
    ) {
        let is_carried = stats.carry(kind, place, u64::from(counted) + 1, || {
            counter.store(0, Ordering::Relaxed);
            if kind == Kind::OK {
                self.late.clear();
            }
        });
        if !is_carried {
            match counted.checked_add(1) {
                Some(more) => counter.store(more, Ordering::Release),
                None => stats.count_one(kind, place),
            }
        }
    }

    /// Plans when the next call is measured, by how long this one took.
    #[cold]
    fn plan(&self, reads: u32, wall: u64) {
        let cost = READS * TIMES * u64::from(reads.max(1));
        let gap = (cost / wall.max(1)).clamp(1, RAREST);
        // Not in step with what comes at regular intervals.
        let more = if gap > 1 { wall % gap } else { 0 };
        self.until_measured
            .store((gap + more) as u32, Ordering::Relaxed);
    }
}

/// For all.
impl Shard {
    #[inline(always)]
    pub(crate) fn totals(&self, outermost: bool) -> &Totals {
        if outermost {
            &self.outermost
        } else {
            &self.nested
        }
    }

    /// Shows how often there was which kind of call in which place. Each number is at least
    /// what it was before.
    pub(crate) fn each(&self, mut see: impl FnMut(Kind, usize, u64)) {
        let late = self.late.get();
        let mut late_counted = 0;
        self.ok.each(|place, count| {
            if late.is_some_and(|late| late.place == place) {
                late_counted = count;
            } else {
                see(Kind::OK, place, count.into());
            }
        });
        if let Some(late) = late {
            let missing = u64::from(late_counted == late.counted);
            see(Kind::OK, late.place, u64::from(late_counted) + missing);
        }
        for (kind, table) in Kind::ALL
            .into_iter()
            .zip(self.others.get().into_iter().flat_map(|all| all.iter()))
        {
            table.each(|place, count| see(kind, place, count.into()));
        }
    }
}
