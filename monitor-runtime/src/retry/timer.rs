//! A timer for futures outside of tokio: one thread for all of them, started with
//! the first.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

/// The waits that are open, by their end; the number keeps equal ends apart.
type Waits = BTreeMap<(Instant, u64), Waker>;

#[derive(Debug, Default)]
struct Clock {
    waits: Mutex<(Waits, u64)>,
    changed: Condvar,
}

static CLOCK: LazyLock<Option<Arc<Clock>>> = LazyLock::new(|| {
    let clock = Arc::new(Clock::default());
    let own = Arc::clone(&clock);
    thread::Builder::new()
        .name("monitor-timer".to_owned())
        .spawn(move || own.run())
        .ok()
        .map(|_| clock)
});

impl Clock {
    fn lock(&self) -> MutexGuard<'_, (Waits, u64)> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut waits = self.lock();
        loop {
            let now = Instant::now();
            let later = waits.0.split_off(&(now, u64::MAX));
            let over = std::mem::replace(&mut waits.0, later);
            if !over.is_empty() {
                // A waker may run the task at once, and that may start a new wait.
                drop(waits);
                for waker in over.into_values() {
                    // One that panics must not end the waits of all others.
                    let _ = catch_unwind(AssertUnwindSafe(|| waker.wake()));
                }
                waits = self.lock();
                continue;
            }
            let next = waits.0.first_key_value().map(|(&(end, _), _)| end);
            waits = match next {
                None => self
                    .changed
                    .wait(waits)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(end) => {
                    self.changed
                        .wait_timeout(waits, end.saturating_duration_since(now))
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
            };
        }
    }
}

/// One wait. Dropping it forgets it.
#[derive(Debug)]
pub(crate) struct Timer {
    /// `None` where it lies beyond what the clock can say: it never ends.
    end: Option<Instant>,
    number: Option<u64>,
}

impl Timer {
    pub(crate) fn after(wait: Duration) -> Self {
        Self {
            end: Instant::now().checked_add(wait),
            number: None,
        }
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(end) = self.end else {
            return Poll::Pending;
        };
        let now = Instant::now();
        if now >= end {
            return Poll::Ready(());
        }
        if !self.wake_at_end(cx.waker()) {
            // The system gives no thread: wait here rather than for ever.
            thread::sleep(end.saturating_duration_since(now));
            return Poll::Ready(());
        }
        Poll::Pending
    }

    /// Has `waker` woken when the wait is over. Whether there is a thread that does it.
    pub(crate) fn wake_at_end(&mut self, waker: &Waker) -> bool {
        let (Some(end), Some(clock)) = (self.end, &*CLOCK) else {
            return false;
        };
        let mut waits = clock.lock();
        let number = *self.number.get_or_insert_with(|| {
            waits.1 += 1;
            waits.1
        });
        waits.0.insert((end, number), waker.clone());
        clock.changed.notify_one();
        true
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let (Some(end), Some(number), Some(clock)) = (self.end, self.number, &*CLOCK) {
            clock.lock().0.remove(&(end, number));
        }
    }
}
