//! The counters of the threads that live, beside what is left of those that ended.

use super::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

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
    /// Adds the counters of a thread, unless the lock is not to be had: a process that has
    /// forked off may have it for ever.
    pub(crate) fn join(&self, counters: &Arc<T>) -> bool {
        match self.0.try_lock() {
            Ok(mut live) => live.push(Arc::clone(counters)),
            Err(TryLockError::Poisoned(poisoned)) => {
                poisoned.into_inner().push(Arc::clone(counters));
            }
            Err(TryLockError::WouldBlock) => return false,
        }
        true
    }

    /// Takes them out, and has `keep` put aside what they counted.
    pub(crate) fn leave(&self, counters: &Arc<T>, keep: impl FnOnce(&T)) {
        let mut live = self.lock();
        keep(counters);
        if let Some(index) = live.iter().position(|other| Arc::ptr_eq(other, counters)) {
            live.swap_remove(index);
        }
    }

    /// Shows them, with nobody joining or leaving meanwhile.
    pub(crate) fn read<R>(&self, read: impl FnOnce(&[Arc<T>]) -> R) -> R {
        read(&self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
