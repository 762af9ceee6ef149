//! From what a rule was met by to what is told: how a desk holds, folds and ends troubles.
//!
//! | module | concept |
//! |---|---|
//! | `met` | which rule an event meets |
//! | `held` | a failure that may pass through several stages |
//! | `told` | what is told, at once, again and at the end |
//! | `over` | the end of a trouble |
//! | `not_told` | what is not told, and why |

mod held;
mod met;
mod not_told;
mod over;
mod told;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::Value;

#[cfg(feature = "__worker")]
use crate::alerts::Limit;
use crate::alerts::{Counted, Fold, Notice, Passage, Rates};
use crate::desk::AlertDesk;

pub(crate) use self::over::Successes;

/// What a desk knows of the troubles of its run.
#[derive(Debug, Default)]
pub(crate) struct Folding {
    fold: Mutex<Fold>,
    passage: Mutex<Passage>,
    counted: Mutex<Counted>,
    rates: Mutex<Rates>,
    /// Ends of troubles that are still to be told.
    later: Mutex<Vec<Notice>>,
    successes: Mutex<Option<(SystemTime, Successes)>>,
    #[cfg(feature = "__worker")]
    limit: Mutex<Limit>,
    /// Whether a success may end something: else nobody looks.
    is_troubled: AtomicBool,
    /// Whether the next run is to know more than was kept for it.
    has_changed: AtomicBool,
    /// How much later it is than the clock says, in nanoseconds: a test lets time pass.
    ahead: AtomicU64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl AlertDesk {
    /// The time by which alerts are told.
    pub(crate) fn now(&self) -> SystemTime {
        let ahead = Duration::from_nanos(self.folding.ahead.load(Ordering::Relaxed));
        let now = SystemTime::now();
        now.checked_add(ahead).unwrap_or(now)
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        let sum = |ahead: u64| Some(ahead.saturating_add(by));
        let ahead = &self.folding.ahead;
        let _ = ahead.fetch_update(Ordering::Relaxed, Ordering::Relaxed, sum);
    }

    /// Knows what an earlier run told.
    pub(crate) fn recall(&self, value: &Value) {
        let earlier = Fold::from_json(value, self.now());
        let is_troubled = earlier.has_open();
        self.folding
            .is_troubled
            .store(is_troubled, Ordering::Relaxed);
        *lock(&self.folding.fold) = earlier;
    }

    /// What the next run is to know, if that has changed.
    pub(crate) fn to_remember(&self) -> Option<Value> {
        let has_changed = self.folding.has_changed.swap(false, Ordering::Relaxed);
        has_changed.then(|| lock(&self.folding.fold).to_json(self.now()))
    }

    /// It could not be kept.
    pub(crate) fn remember_again(&self) {
        self.folding.has_changed.store(true, Ordering::Relaxed);
    }

    /// The error rates of a run.
    pub(crate) fn rates(&self) -> MutexGuard<'_, Rates> {
        lock(&self.folding.rates)
    }

    /// What the channels were given.
    #[cfg(feature = "__worker")]
    pub(crate) fn limit(&self) -> MutexGuard<'_, Limit> {
        lock(&self.folding.limit)
    }

    /// A channel has taken what was told of a trouble, or has given it up.
    #[cfg(feature = "__worker")]
    pub(crate) fn delivery(folding: &Folding, fingerprint: &str, is_delivered: bool) {
        let mut fold = lock(&folding.fold);
        if is_delivered {
            fold.delivered(fingerprint);
        } else {
            fold.undelivered(fingerprint);
        }
        folding.has_changed.store(true, Ordering::Relaxed);
    }
}
