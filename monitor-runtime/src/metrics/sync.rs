//! The atomics of the counters. The model checker has its own file in place of this one.

pub(crate) use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
pub(crate) use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};

/// A bucket of a thread that has all of these bits is emptied into what all threads share, with
/// the next call; where that cannot be done, it counts on and is when it has them again.
pub(crate) const FULL: u32 = if cfg!(test) { 1_023 } else { u32::MAX >> 1 };

/// Tries again for up to 100 ms: a reader of many threads' counters takes some.
pub(crate) fn patiently<T>(mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    for _ in 0..100 {
        if let Some(result) = attempt() {
            return Some(result);
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    attempt()
}
