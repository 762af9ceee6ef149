//! The calls that tell how far they are, while they are under way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::thread;
use std::time::Duration;

use crate::progress::Tracked;

/// How often a call tries to get the lock, at first without a pause. A reader holds it for some
/// milliseconds where there are a hundred thousand calls, everybody else for nearly no time.
const TRIES: u32 = 300;
const WITHOUT_PAUSE: u32 = 100;
const PAUSE: Duration = Duration::from_micros(100);

/// All of them. The lock is never waited for without end: in a process that has forked off, it
/// may be held for ever by a thread that stayed behind.
#[derive(Debug, Default)]
pub(crate) struct InProgress {
    calls: Mutex<Vec<Arc<Tracked>>>,
    /// It was waited for in vain: nobody waits again until it is to be had.
    is_stuck: AtomicBool,
}

impl InProgress {
    /// Where the lock is not to be had, nobody hears of the call.
    pub(crate) fn join(&self, tracked: &Arc<Tracked>) {
        if let Some(mut calls) = self.lock() {
            tracked.place.store(calls.len(), Ordering::Relaxed);
            calls.push(Arc::clone(tracked));
        }
    }

    /// Where the lock is not to be had, the next reader takes it out.
    pub(crate) fn leave(&self, tracked: &Arc<Tracked>) {
        tracked.has_ended.store(true, Ordering::Relaxed);
        let Some(mut calls) = self.lock() else { return };
        let place = tracked.place.load(Ordering::Relaxed);
        if calls
            .get(place)
            .is_some_and(|other| Arc::ptr_eq(other, tracked))
        {
            take_out(&mut calls, place);
        }
    }

    /// Those that have not ended.
    pub(crate) fn read(&self, mut read: impl FnMut(&Tracked)) {
        let Some(mut calls) = self.lock() else { return };
        let mut place = 0;
        while let Some(tracked) = calls.get(place) {
            if tracked.has_ended.load(Ordering::Relaxed) {
                take_out(&mut calls, place);
            } else {
                read(tracked);
                place += 1;
            }
        }
    }

    fn lock(&self) -> Option<MutexGuard<'_, Vec<Arc<Tracked>>>> {
        let is_stuck = self.is_stuck.load(Ordering::Relaxed);
        for number in 0..if is_stuck { 1 } else { TRIES } {
            match self.calls.try_lock() {
                Err(TryLockError::WouldBlock) if number < WITHOUT_PAUSE => thread::yield_now(),
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
                Err(TryLockError::Poisoned(calls)) => return Some(calls.into_inner()),
                Ok(calls) => {
                    if is_stuck {
                        self.is_stuck.store(false, Ordering::Relaxed);
                    }
                    return Some(calls);
                }
            }
        }
        self.is_stuck.store(true, Ordering::Relaxed);
        None
    }
}

/// The last one comes in its place.
fn take_out(calls: &mut Vec<Arc<Tracked>>, place: usize) {
    calls.swap_remove(place);
    if let Some(moved) = calls.get(place) {
        moved.place.store(place, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(calls: &InProgress) -> Vec<u64> {
        let mut known = Vec::new();
        calls.read(|tracked| known.push(tracked.done.load(Ordering::Relaxed)));
        known.sort_unstable();
        known
    }

    fn numbered(number: u64) -> Arc<Tracked> {
        let tracked = Tracked::for_test();
        tracked.done.store(number, Ordering::Relaxed);
        Arc::new(tracked)
    }

    #[test]
    fn calls_end_in_any_order() {
        let calls = InProgress::default();
        let all: Vec<_> = (0..10).map(numbered).collect();
        all.iter().for_each(|tracked| calls.join(tracked));
        for number in [9, 0, 4, 8, 1] {
            calls.leave(&all[number]);
            calls.leave(&all[number]);
        }
        assert_eq!(known(&calls), [2, 3, 5, 6, 7]);
    }

    #[test]
    fn a_lock_that_is_never_free_holds_nobody_up_twice() {
        let calls = InProgress::default();
        let (one, other) = (numbered(1), numbered(2));
        calls.join(&one);
        let held = calls.calls.lock().expect("a lock");
        calls.join(&other);
        assert!(calls.is_stuck.load(Ordering::Relaxed));
        calls.leave(&one);
        assert!(known(&calls).is_empty());
        drop(held);
        // What has left is taken out, what has not joined is left alone.
        assert!(known(&calls).is_empty());
        calls.leave(&other);
        calls.join(&numbered(3));
        assert_eq!(known(&calls), [3]);
        assert_eq!(calls.calls.lock().map(|calls| calls.len()).ok(), Some(1));
    }
}
