//! The last outermost call of a thread that succeeded, which is not in its bucket yet.
//!
//! It is counted there with the next call. By then the processor has long known the bucket's
//! address; when it is to write to an address that it knows only once it has read its clock,
//! all that reads memory behind it waits: 5 ns a call, measured here.

use super::sync::{AtomicU64, Ordering};

/// One more than its place, and how much its bucket counted before: while that is what the
/// bucket counts, the call is not in it.
#[derive(Debug, Default)]
pub(super) struct Late(AtomicU64);

/// What is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LateCall {
    pub(super) place: usize,
    pub(super) counted: u32,
}

impl Late {
    #[inline(always)]
    pub(super) fn get(&self) -> Option<LateCall> {
        let bits = self.0.load(Ordering::Acquire);
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
