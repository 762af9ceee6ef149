//! The way from a call to the counters of its thread.

use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::finished::Finished;
use super::shard::Shard;
use super::stats::SiteStats;
use crate::clock::Tick;
use crate::core::CoreRef;
use crate::site::Site;

/// In one piece for so many functions, so that a thread that calls few needs little.
const PIECE: usize = 64;
/// More functions than `PIECE * PIECE` share counters between threads.
type Piece = [OnceCell<Own>; PIECE];

/// The counters of one function.
#[derive(Debug)]
struct Own {
    shard: Arc<Shard>,
    stats: &'static SiteStats,
}

/// The counters of a thread, by the functions' numbers.
struct Shards([OnceCell<Box<Piece>>; PIECE]);

thread_local! {
    static SHARDS: Shards = const { Shards([const { OnceCell::new() }; PIECE]) };
}

impl Shards {
    #[inline(always)]
    fn get(&self, number: usize) -> Option<&Own> {
        let piece = self.0.get(number / PIECE)?.get()?;
        piece[number % PIECE].get()
    }

    /// Counters for a function that this thread calls for the first time.
    #[cold]
    fn add(&self, site: &'static Site) -> Option<&Own> {
        let stats = site.stats();
        let number = site.number.load(Ordering::Relaxed) as usize;
        let piece = self.0.get(number / PIECE)?;
        if number == 0 {
            return None;
        }
        let shard = stats.live.join(Arc::default)?;
        let piece = piece.get_or_init(|| Box::new([const { OnceCell::new() }; PIECE]));
        Some(piece[number % PIECE].get_or_init(|| Own { shard, stats }))
    }
}

impl Drop for Shards {
    fn drop(&mut self) {
        for own in self
            .0
            .iter()
            .filter_map(OnceCell::get)
            .flat_map(|piece| piece.iter())
        {
            if let Some(own) = own.get() {
                own.stats.fold(&own.shard);
            }
        }
    }
}

#[inline(always)]
fn with<R>(site: &'static Site, act: impl FnOnce(&Own) -> R) -> Option<R> {
    // At the end of a thread its locals are gone.
    let act = |shards: &Shards| {
        let number = site.number.load(Ordering::Relaxed) as usize;
        let own = match shards.get(number) {
            Some(own) => own,
            None => shards.add(site)?,
        };
        Some(act(own))
    };
    SHARDS.try_with(act).ok().flatten()
}

impl Site {
    /// Counts that a call begins, if this thread has counters and the CPU time of the call
    /// is not to be measured.
    #[inline(always)]
    pub(crate) fn count_plain_start(&'static self, outermost: bool) -> bool {
        with(self, |own| own.shard.start_plain(outermost)).unwrap_or(false)
    }

    /// Counts that such a call succeeded, if this thread has counters.
    #[inline(always)]
    pub(crate) fn count_success(
        &'static self,
        outermost: bool,
        wall: u64,
        idle: u64,
        at: Tick,
    ) -> bool {
        with(self, |own| {
            own.shard.succeed(own.stats, outermost, wall, idle, at);
        })
        .is_some()
    }

    /// A call begins; whether its CPU time is to be measured.
    pub(crate) fn count_start(&'static self, core: &CoreRef, outermost: bool) -> bool {
        if let CoreRef::Process = core
            && let Some(is_measured) = with(self, |own| own.shard.start(outermost))
        {
            return is_measured;
        }
        self.stats_in(core).start(outermost);
        // A thread without counters cannot tell how long its calls usually are.
        !matches!(core, CoreRef::Process)
    }

    /// A call ends.
    pub(crate) fn count_end(&'static self, core: &CoreRef, finished: &Finished) {
        if let CoreRef::Process = core
            && with(self, |own| own.shard.finish(own.stats, finished)).is_some()
        {
            return;
        }
        self.stats_in(core).finish(finished);
    }
}
