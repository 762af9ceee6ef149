//! Tells that a call lasts longer than it should while it still runs. One thread
//! watches all calls, the one that also ends the waits outside of tokio.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Wake, Waker};
use std::time::Duration;

use crate::call::Running;
use crate::core::CoreRef;
use crate::desk::Origin;
use crate::opening::Fields;
use crate::retry::timer::Timer;
use crate::site::Site;

/// The limit on one call.
#[derive(Debug)]
pub(crate) struct Watchdog {
    overdue: Arc<Overdue>,
    /// Forgets the limit when the call ends.
    _timer: Timer,
}

/// A call that has crossed its limit.
#[derive(Debug)]
pub(crate) struct Overdue {
    pub(crate) site: &'static Site,
    pub(crate) core: CoreRef,
    pub(crate) outermost: bool,
    pub(crate) origin: Origin,
    pub(crate) parent_span: u64,
    pub(crate) fields: Fields,
    pub(crate) limit: Duration,
    told: AtomicBool,
}

impl Watchdog {
    /// Watches a call that is about to run.
    pub(crate) fn set(running: &Running, limit: Duration) -> Self {
        let overdue = Arc::new(Overdue {
            site: running.site,
            core: running.core.clone(),
            outermost: running.outermost,
            origin: Origin::of(running),
            parent_span: running.parent_span(),
            fields: running.opening().fields.clone(),
            limit,
            told: AtomicBool::new(false),
        });
        let mut timer = Timer::after(limit);
        let waker = Waker::from(Arc::clone(&overdue));
        // Where no thread watches, the end of the call tells it.
        timer.wake_at_end(&waker);
        Self {
            overdue,
            _timer: timer,
        }
    }

    /// Tells what the watching thread had no time to tell before the call ended, and gives
    /// whether the call was too slow.
    pub(crate) fn ended(&self, duration: Duration) -> bool {
        let is_slow = duration > self.overdue.limit;
        if is_slow {
            self.overdue.tell(Some(duration));
        }
        is_slow
    }
}

impl Overdue {
    fn tell(&self, duration: Option<Duration>) {
        if !self.told.swap(true, Ordering::Relaxed) {
            self.core.call_is_slow(self, duration);
        }
    }
}

impl Wake for Overdue {
    fn wake(self: Arc<Self>) {
        self.tell(None);
    }
}
