//! What the bucket is shared with: apart, so that a model checker can take the place of
//! the standard library.

pub(crate) use std::sync::atomic::{AtomicU64, Ordering};
pub(crate) use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many seconds have a counter: more than are kept, so that none is used for two that
/// count.
pub(crate) const SECONDS: usize = 16;
