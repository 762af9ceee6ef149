//! The counters of the threads that live, beside what is left of those that ended.

use super::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, patiently};

/// Counters of one thread each. Who reads them holds the lock, and so does a thread that
/// ends: what it counted is seen once, with its own counters or with what is left of them.
#[derive(Debug)]
pub(crate) struct Live<T>(Mutex<Vec<Arc<T>>>);

impl<T> Default for Live<T> {
    fn default() -> Self {
        Self(Mutex::new(Vec::new()))
    }
}

impl<T> Live<T> {
    /// Adds the counters of a thread, unless the lock is not to be had: in a process that has
    /// forked off it may be held for ever, by a thread that stayed behind.
    pub(crate) fn join(&self, counters: impl FnOnce() -> Arc<T>) -> Option<Arc<T>> {
        let mut live = self.try_lock()?;
        let counters = counters();
        live.push(Arc::clone(&counters));
        Some(counters)
    }

    /// Takes them out, and has `keep` put aside what they counted. Where the lock is not to be
    /// had for long they stay, and are read where they are.
    pub(crate) fn leave(&self, counters: &Arc<T>, keep: impl FnOnce(&T)) {
        let Some(mut live) = patiently(|| self.try_lock()) else {
            return;
        };
        keep(counters);
        if let Some(index) = live.iter().position(|other| Arc::ptr_eq(other, counters)) {
            live.swap_remove(index);
        }
    }

    /// Shows them, with nobody joining or leaving meanwhile.
    pub(crate) fn read<R>(&self, read: impl FnOnce(&[Arc<T>]) -> R) -> R {
        read(&self.lock())
    }

    /// Does something while nobody reads, if the lock is to be had.
    pub(crate) fn between_reads(&self, act: impl FnOnce()) -> bool {
        let lock = patiently(|| self.try_lock());
        let is_locked = lock.is_some();
        if is_locked {
            act();
        }
        is_locked
    }

    fn try_lock(&self) -> Option<MutexGuard<'_, Vec<Arc<T>>>> {
        match self.0.try_lock() {
            Ok(live) => Some(live),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
