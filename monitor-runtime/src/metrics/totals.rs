//! The sums of a function's calls, but for how often and how long: those are in buckets.
//!
//! A thread counts into sums of its own with loads and stores, which cost a quarter of what
//! an atomic addition does; sums that many threads share are added to.

use super::sync::{AtomicU64, Ordering};

/// Who writes to a counter.
pub(crate) trait Hand {
    /// Adds, and stays at the highest number there is.
    fn add(counter: &AtomicU64, more: u64);
    /// Makes the counter no smaller than `least`.
    fn raise(counter: &AtomicU64, least: u64);
}

/// One thread, and no other ever.
#[derive(Debug)]
pub(crate) struct Own;

/// Any thread.
#[derive(Debug)]
pub(crate) struct Many;

impl Hand for Own {
    #[inline]
    fn add(counter: &AtomicU64, more: u64) {
        let sum = counter.load(Ordering::Relaxed).saturating_add(more);
        // What the thread counted before, a reader that sees this sees too.
        counter.store(sum, Ordering::Release);
    }

    #[inline]
    fn raise(counter: &AtomicU64, least: u64) {
        if counter.load(Ordering::Relaxed) < least {
            counter.store(least, Ordering::Release);
        }
    }
}

impl Hand for Many {
    fn add(counter: &AtomicU64, more: u64) {
        if more > 0 {
            let sum = |sum: u64| Some(sum.saturating_add(more));
            let _ = counter.fetch_update(Ordering::Release, Ordering::Relaxed, sum);
        }
    }

    fn raise(counter: &AtomicU64, least: u64) {
        counter.fetch_max(least, Ordering::Release);
    }
}

/// Records of a call, where they are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Records {
    pub(crate) produced: u64,
    pub(crate) given: u64,
    pub(crate) rejected: u64,
    /// Given, and neither produced nor rejected; and the other way round.
    pub(crate) missing: u64,
    pub(crate) surplus: u64,
}

/// The times of a call, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    /// From its start to its end.
    pub(crate) wall: u64,
    /// In the polls of a future; of a sync call, all of it.
    pub(crate) busy: u64,
    /// On a processor, where that was measured.
    pub(crate) cpu: Option<u64>,
}

/// The sums.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    started: AtomicU64,
    /// Both together are the calls' wall time: at work, and between the polls of futures. Not
    /// that time and a part of it: their difference would fall for who reads one of both
    /// before a call has ended, and one after.
    busy: AtomicU64,
    idle: AtomicU64,
    longest: AtomicU64,
    /// Of the calls whose CPU time was measured: that, their busy time and their number.
    cpu: AtomicU64,
    cpu_busy: AtomicU64,
    cpu_calls: AtomicU64,
    /// The tick of the last success.
    last_success: AtomicU64,
    produced: AtomicU64,
    given: AtomicU64,
    rejected: AtomicU64,
    missing: AtomicU64,
    surplus: AtomicU64,
}

impl Totals {
    #[inline]
    pub(crate) fn start<H: Hand>(&self) {
        H::add(&self.started, 1);
    }

    #[inline]
    pub(crate) fn finish<H: Hand>(&self, wall: u64, idle: u64, success: Option<u64>) {
        H::add(&self.busy, wall.saturating_sub(idle));
        if idle > 0 {
            H::add(&self.idle, idle);
        }
        H::raise(&self.longest, wall);
        if let Some(tick) = success {
            H::raise(&self.last_success, tick);
        }
    }

    pub(crate) fn measured<H: Hand>(&self, cpu: u64, busy: u64) {
        H::add(&self.cpu, cpu);
        H::add(&self.cpu_busy, busy);
        H::add(&self.cpu_calls, 1);
    }

    #[cold]
    pub(crate) fn count<H: Hand>(&self, records: &Records) {
        for (sum, more) in [
            (&self.produced, records.produced),
            (&self.given, records.given),
            (&self.rejected, records.rejected),
            (&self.missing, records.missing),
            (&self.surplus, records.surplus),
        ] {
            H::add(sum, more);
        }
    }

    /// Adds what a thread counted that is at its end.
    pub(crate) fn absorb(&self, other: &Self) {
        let sums = other.read();
        for (sum, more) in [
            (&self.started, sums.started),
            (&self.busy, sums.busy),
            (&self.idle, sums.idle),
            (&self.cpu, sums.cpu),
            (&self.cpu_busy, sums.cpu_busy),
            (&self.cpu_calls, sums.cpu_calls),
        ] {
            Many::add(sum, more);
        }
        Many::raise(&self.longest, sums.longest);
        Many::raise(&self.last_success, sums.last_success);
        self.count::<Many>(&sums.records);
    }

    /// How many started. What ended is to be read after it: so no more seem to run than did.
    pub(crate) fn started(&self) -> u64 {
        self.started.load(Ordering::Acquire)
    }

    /// The sums at this moment, with all calls that were seen to have ended before. They are
    /// read in the opposite order of that in which a call is added to them: none lasted
    /// longer than all, or used the CPU for longer than they were at work.
    pub(crate) fn read(&self) -> Sums {
        let load = |sum: &AtomicU64| sum.load(Ordering::Acquire);
        Sums {
            records: Records {
                produced: load(&self.produced),
                given: load(&self.given),
                rejected: load(&self.rejected),
                missing: load(&self.missing),
                surplus: load(&self.surplus),
            },
            cpu_calls: load(&self.cpu_calls),
            cpu_busy: load(&self.cpu_busy),
            cpu: load(&self.cpu),
            last_success: load(&self.last_success),
            longest: load(&self.longest),
            idle: load(&self.idle),
            busy: load(&self.busy),
            started: self.started(),
        }
    }
}

/// The same as plain numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) started: u64,
    pub(crate) busy: u64,
    pub(crate) idle: u64,
    pub(crate) longest: u64,
    pub(crate) cpu: u64,
    pub(crate) cpu_busy: u64,
    pub(crate) cpu_calls: u64,
    pub(crate) last_success: u64,
    pub(crate) records: Records,
}

impl Sums {
    /// From the calls' starts to their ends.
    pub(crate) fn wall(&self) -> u64 {
        self.busy.saturating_add(self.idle)
    }

    /// Adds those of another thread.
    pub(crate) fn add(&mut self, other: &Self) {
        let (records, more) = (&mut self.records, &other.records);
        for (sum, more) in [
            (&mut self.started, other.started),
            (&mut self.busy, other.busy),
            (&mut self.idle, other.idle),
            (&mut self.cpu, other.cpu),
            (&mut self.cpu_busy, other.cpu_busy),
            (&mut self.cpu_calls, other.cpu_calls),
            (&mut records.produced, more.produced),
            (&mut records.given, more.given),
            (&mut records.rejected, more.rejected),
            (&mut records.missing, more.missing),
            (&mut records.surplus, more.surplus),
        ] {
            *sum = sum.saturating_add(more);
        }
        self.longest = self.longest.max(other.longest);
        self.last_success = self.last_success.max(other.last_success);
    }
}
