//! The way from a call to the counters of its thread.

use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::finished::Finished;
use super::mine::Mine;
use super::shard::Shard;
use crate::clock::Tick;
use crate::core::CoreRef;
use crate::site::Site;

/// In one piece for so many functions, so that a thread that calls few needs little.
const PIECE: usize = 64;
/// More functions than `PIECE * PIECE` share counters between threads.
type Piece = [OnceCell<Box<Mine>>; PIECE];

/// The counters of a thread, by the functions' numbers.
struct Shards([OnceCell<Box<Piece>>; PIECE]);

thread_local! {
    static SHARDS: Shards = const { Shards([const { OnceCell::new() }; PIECE]) };
}

impl Shards {
    #[inline(always)]
    fn get(&self, number: usize) -> Option<&Mine> {
        let piece = self.0.get(number / PIECE)?.get()?;
        Some(piece[number % PIECE].get()?)
    }

    /// Counters for a function that this thread calls for the first time.
    #[cold]
    fn add(&self, site: &'static Site) -> Option<&Mine> {
        let stats = site.stats();
        let number = site.number.load(Ordering::Relaxed) as usize;
        let piece = self.0.get(number / PIECE)?;
        let shard: Arc<Shard> = Arc::default();
        if number == 0 || !stats.live.join(&shard) {
            return None;
        }
        let piece = piece.get_or_init(|| Box::new([const { OnceCell::new() }; PIECE]));
        Some(piece[number % PIECE].get_or_init(|| Box::new(Mine::new(stats, shard))))
    }
}

impl Drop for Shards {
    fn drop(&mut self) {
        for mine in self
            .0
            .iter()
            .filter_map(OnceCell::get)
            .flat_map(|piece| piece.iter())
        {
            if let Some(mine) = mine.get() {
                mine.stats.fold(&mine.shard);
            }
        }
    }
}

#[inline(always)]
fn with<R>(site: &'static Site, act: impl FnOnce(&Mine) -> R) -> Option<R> {
    // At the end of a thread its locals are gone.
    let act = |shards: &Shards| {
        let number = site.number.load(Ordering::Relaxed) as usize;
        let mine = match shards.get(number) {
            Some(mine) => mine,
            None => shards.add(site)?,
        };
        Some(act(mine))
    };
    SHARDS.try_with(act).ok().flatten()
}

impl Site {
    /// Counts that a call begins, if this thread has counters and the CPU time of the call
    /// is not to be measured.
    #[inline(always)]
    pub(crate) fn count_plain_start(&'static self, outermost: bool) -> bool {
        with(self, |mine| mine.start_plain(outermost)).unwrap_or(false)
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
        with(self, |mine| mine.succeed(outermost, wall, idle, at)).is_some()
    }

    /// A call begins; whether its CPU time is to be measured.
    pub(crate) fn count_start(&'static self, core: &CoreRef, outermost: bool) -> bool {
        if let CoreRef::Process = core
            && let Some(is_measured) = with(self, |mine| mine.start(outermost))
        {
            return is_measured;
        }
        self.stats_in(core).start(outermost);
        true
    }

    /// A call ends.
    pub(crate) fn count_end(&'static self, core: &CoreRef, finished: &Finished) {
        if let CoreRef::Process = core
            && with(self, |mine| mine.finish(finished)).is_some()
        {
            return;
        }
        self.stats_in(core).finish(finished);
    }
}
