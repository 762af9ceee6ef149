//! The atomics of the counters. The model checker has its own file in place of this one.

pub(crate) use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
pub(crate) use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};

/// How far a bucket of a thread counts; then it is emptied into what all threads share.
pub(crate) const FULL: u32 = if cfg!(test) { 1_000 } else { u32::MAX - 1 };

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
