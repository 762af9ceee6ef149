//! What the loop inside a monitored call tells the call, its attempts and its waits; and what an
//! inner call that failed tells it.
//!
//! Few calls have something of this kind. So the notes are not in the frame of
//! each call but on a stack beside the frames, for those calls alone.

use std::cell::RefCell;
use std::sync::LazyLock;
use std::time::Duration;

use super::clock::Started;
use super::decision::Stop;

thread_local! {
    static STACK: RefCell<Vec<Notes>> = const { RefCell::new(Vec::new()) };
}

/// Puts notes on the stack, for the current frame.
pub(crate) fn push(notes: Notes) {
    let _ = STACK.try_with(|stack| stack.borrow_mut().push(notes));
}

/// Takes those of the current frame off the stack.
#[cold]
pub(crate) fn pop() -> Notes {
    let top = STACK.try_with(|stack| stack.borrow_mut().pop());
    top.ok().flatten().unwrap_or_default()
}

/// Changes those of the current frame.
pub(crate) fn change<T>(change: impl FnOnce(&mut Notes) -> T) -> Option<T> {
    let changed = STACK.try_with(|stack| stack.borrow_mut().last_mut().map(change));
    changed.ok().flatten()
}

/// What a loop told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Notes {
    /// Attempts after the first.
    pub(crate) retries: u32,
    /// Time spent waiting for them, in nanoseconds.
    waited: u64,
    /// When the wait ends that is under way, in nanoseconds since the first wait; zero
    /// where there is none.
    wait_ends: u64,
    /// Why no other attempt follows.
    pub(crate) stop: Option<Stop>,
    /// Whether the last attempt was cut off.
    pub(crate) cut: bool,
    /// The failure that the last inner call ended with which somebody is to be told of; zero for
    /// none.
    pub(crate) failure: u64,
}

impl Notes {
    pub(crate) const NONE: Self = Self {
        retries: 0,
        waited: 0,
        wait_ends: 0,
        stop: None,
        cut: false,
        failure: 0,
    };

    /// Time spent waiting between attempts.
    pub(crate) fn waited(&self) -> Duration {
        Duration::from_nanos(self.waited)
    }

    pub(crate) fn failed_attempt(&mut self, next: Result<Duration, Stop>, cut: bool) {
        self.cut = cut;
        self.stop = next.err();
        if let Ok(wait) = next {
            let wait = nanos(wait);
            self.retries = self.retries.saturating_add(1);
            self.waited = self.waited.saturating_add(wait);
            self.wait_ends = now().saturating_add(wait).max(1);
        }
    }

    pub(crate) fn retry_begins(&mut self) {
        self.wait_ends = 0;
    }

    /// The call ended in the wait: what it was to wait for did not begin. Gives what was
    /// left of the wait.
    pub(crate) fn cut_short(&mut self) -> Option<Duration> {
        let ends = std::mem::take(&mut self.wait_ends);
        if ends == 0 {
            return None;
        }
        let rest = ends.saturating_sub(now());
        self.retries = self.retries.saturating_sub(1);
        self.waited = self.waited.saturating_sub(rest);
        Some(Duration::from_nanos(rest))
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// By the clock of async waits: no other wait is cut short.
fn now() -> u64 {
    static FIRST: LazyLock<Started> = LazyLock::new(Started::now_async);
    nanos(FIRST.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_wait_that_is_over_counts_whole_and_one_that_was_cut_short_does_not() {
        let mut notes = Notes::NONE;
        notes.failed_attempt(Ok(SECOND), false);
        notes.retry_begins();
        notes.cut_short();
        assert_eq!((notes.retries, notes.waited()), (1, SECOND));
        notes.failed_attempt(Ok(3600 * SECOND), false);
        notes.cut_short();
        assert_eq!(notes.retries, 1);
        assert!(notes.waited() < 3600 * SECOND);
        notes.failed_attempt(Err(Stop::Budget), true);
        assert_eq!((notes.stop, notes.cut), (Some(Stop::Budget), true));
    }
}
