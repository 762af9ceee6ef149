//! The clock of calls: the processor's counter where it is stable, else `Instant`.
//!
//! | module | concept |
//! |---|---|
//! | `counter` | the counter, and whether it may be used |
//! | `rate` | how long one of its ticks is |
//! | `thread` | the CPU time of a thread |

mod counter;
mod rate;
pub(crate) mod thread;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// A moment, by whatever clock this process uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tick(u64);

const UNDECIDED: u8 = 0;
const COUNTER: u8 = 1;
const INSTANT: u8 = 2;

/// Which clock this process uses: decided once.
static SOURCE: AtomicU8 = AtomicU8::new(UNDECIDED);

static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);

/// What lasts longer than so many ticks, about a millisecond, can pay for a look at how long
/// a tick is.
const LONG: u64 = 1 << 21;

impl Tick {
    /// Before all others.
    pub(crate) const NEVER: Self = Self(0);

    #[inline]
    pub(crate) fn now() -> Self {
        if SOURCE.load(Ordering::Relaxed) == COUNTER {
            Self(counter::read())
        } else {
            Self::now_slowly()
        }
    }

    #[cold]
    fn now_slowly() -> Self {
        if SOURCE.load(Ordering::Relaxed) == UNDECIDED {
            decide();
            return Self::now();
        }
        Self(FIRST.elapsed().as_nanos() as u64)
    }

    /// How long after `earlier` this is, in nanoseconds.
    #[inline]
    pub(crate) fn nanos_since(self, earlier: Self) -> u64 {
        let ticks = self.0.saturating_sub(earlier.0);
        if ticks > LONG && SOURCE.load(Ordering::Relaxed) == COUNTER {
            rate::refine();
        }
        rate::nanos(ticks)
    }

    /// The same as a duration.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.nanos_since(earlier))
    }

    /// For a counter of ticks, where zero stands for never.
    pub(crate) fn to_bits(self) -> u64 {
        self.0.max(1)
    }

    /// When that was, by the wall clock.
    pub(crate) fn system_time(bits: u64) -> Option<SystemTime> {
        let ago = Self::now().since(Self(bits));
        SystemTime::now().checked_sub(ago).filter(|_| bits != 0)
    }
}

/// Measures the length of a tick over all the time since the last look.
pub(crate) fn refine() {
    if SOURCE.load(Ordering::Relaxed) == COUNTER {
        rate::refine();
    }
}

#[cold]
fn decide() {
    LazyLock::force(&FIRST);
    let source = if counter::is_stable() && rate::begin() {
        COUNTER
    } else {
        INSTANT
    };
    // Ticks of two clocks must not meet: the first decision stands.
    let _ = SOURCE.compare_exchange(UNDECIDED, source, Ordering::Relaxed, Ordering::Relaxed);
    if SOURCE.load(Ordering::Relaxed) == INSTANT {
        rate::set_nanos();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn a_tick_is_as_long_as_the_system_says() {
        let (began, start) = (Instant::now(), Tick::now());
        thread::sleep(Duration::from_millis(20));
        let (ours, theirs) = (Tick::now().since(start), began.elapsed());
        assert!(ours <= theirs + theirs / 100, "{ours:?} {theirs:?}");
        assert!(ours >= Duration::from_millis(19), "{ours:?}");
    }

    #[test]
    fn a_moment_before_is_no_time_and_never_is_no_moment() {
        let start = Tick::now();
        assert_eq!(start.nanos_since(Tick(u64::MAX)), 0);
        assert_eq!(Tick::system_time(0), None);
        let then = Tick::system_time(start.to_bits()).expect("a moment");
        assert!(then <= SystemTime::now());
    }
}
