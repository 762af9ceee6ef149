//! The atomics of the counters. The model checker has its own file in place of this one.

pub(crate) use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
pub(crate) use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};

/// How far a bucket of a thread counts; then it is emptied into what all threads share.
pub(crate) const FULL: u32 = if cfg!(test) { 1_000 } else { u32::MAX - 1 };
