//! What one thread counts of one function: written by that thread alone, read by any.
//!
//! It costs about 1.1 KiB: 344 bytes of places for octaves, 220 of sums, and 160 for each
//! octave of nanoseconds that a call fell into, of which a function needs two to four. At
//! most, with calls of each length from 1 ns to a day that end in all ways, 73 KiB.

use super::histogram::PER_OCTAVE;
use super::kind::Kind;
use super::sync::{Arc, AtomicU32, AtomicU64, Mutex, MutexGuard, Ordering, PoisonError};
use super::totals::Totals;

/// Counts of the durations in one octave.
pub(crate) type Octave = [AtomicU32; PER_OCTAVE];

/// What others see.
#[derive(Debug, Default)]
pub(crate) struct Shard {
    pub(crate) outermost: Totals,
    pub(crate) nested: Totals,
    late: Late,
    octaves: Mutex<Vec<(Kind, usize, Arc<Octave>)>>,
}

/// The last outermost call that succeeded, which is not in its bucket yet.
///
/// It is counted there with the next call. By then the processor has long known the bucket's
/// address; when it is to write to an address that it knows only once it has read its clock,
/// all that reads memory behind it waits: 5 ns a call, measured here.
#[derive(Debug, Default)]
pub(super) struct Late(AtomicU64);

/// What is late: one more than its place, and how much its bucket counted before. While that
/// is what the bucket counts, the call is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LateCall {
    pub(super) place: usize,
    pub(super) counted: u32,
}

impl Late {
    #[inline(always)]
    pub(super) fn get(&self, ordering: Ordering) -> Option<LateCall> {
        let bits = self.0.load(ordering);
        let place = (bits as u32).checked_sub(1)? as usize;
        Some(LateCall {
            place,
            counted: (bits >> 32) as u32,
        })
    }

    /// After all else of the call: who sees it has ended sees that it started, and that the
    /// one before is in its bucket.
    #[inline(always)]
    pub(super) fn set(&self, call: LateCall) {
        let bits = u64::from(call.counted) << 32 | (call.place as u64 + 1);
        self.0.store(bits, Ordering::Release);
    }

    pub(super) fn clear(&self) {
        self.0.store(0, Ordering::Release);
    }
}

impl Shard {
    #[inline(always)]
    pub(crate) fn totals(&self, outermost: bool) -> &Totals {
        if outermost {
            &self.outermost
        } else {
            &self.nested
        }
    }

    #[inline(always)]
    pub(super) fn late(&self) -> &Late {
        &self.late
    }

    /// Adds an octave that others are to see.
    pub(super) fn publish(&self, kind: Kind, octave: usize, buckets: &Arc<Octave>) {
        self.octaves().push((kind, octave, Arc::clone(buckets)));
    }

    /// Shows how often there was which kind of call in which place. Each number is at least
    /// what it was before.
    pub(crate) fn each(&self, mut see: impl FnMut(Kind, usize, u64)) {
        let late = self.late.get(Ordering::Acquire);
        let mut late_counted = 0;
        for (kind, octave, buckets) in self.octaves().iter() {
            for (bucket, count) in buckets.iter().enumerate() {
                let place = octave * PER_OCTAVE + bucket;
                let count = count.load(Ordering::Acquire);
                if *kind == Kind::OK && late.is_some_and(|late| late.place == place) {
                    late_counted = count;
                } else {
                    see(*kind, place, count.into());
                }
            }
        }
        if let Some(late) = late {
            let is_missing = late_counted == late.counted;
            see(
                Kind::OK,
                late.place,
                u64::from(late_counted) + u64::from(is_missing),
            );
        }
    }

    fn octaves(&self) -> MutexGuard<'_, Vec<(Kind, usize, Arc<Octave>)>> {
        self.octaves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
