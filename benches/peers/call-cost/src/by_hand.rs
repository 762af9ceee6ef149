//! The best that a person would write: numbers that belong to a thread, timed by the
//! CPU's counter, that another thread may read and that are kept when the thread ends.

use std::cell::{OnceCell, RefCell};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::clock::ticks;
use crate::function::{Failed, body};

const PER_OCTAVE: u32 = 32;
/// A power of two, so that masking an index spares its check.
const BUCKETS: usize = 2048;
/// The function's number among all, which a real program reads from a static.
const NUMBER: usize = 3;

struct Shard {
    count: AtomicU64,
    errors: AtomicU64,
    /// In ticks: who reads the numbers knows how long one is.
    sum: AtomicU64,
    buckets: [AtomicU64; BUCKETS],
}

static SHARDS: Mutex<Vec<Arc<Shard>>> = Mutex::new(Vec::new());
static ENDED: Shard = Shard::new();

impl Shard {
    const fn new() -> Self {
        Self {
            count: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            sum: AtomicU64::new(0),
            buckets: [const { AtomicU64::new(0) }; BUCKETS],
        }
    }

    #[inline(always)]
    fn record(&self, ticks: u64, failed: bool) {
        add(&self.count, 1);
        add(&self.sum, ticks);
        add(&self.buckets[bucket(ticks)], 1);
        if failed {
            add(&self.errors, 1);
        }
    }
}

/// One thread writes: an instruction that locks the cache's line is not needed.
#[inline(always)]
fn add(number: &AtomicU64, more: u64) {
    let now = number.load(Ordering::Relaxed);
    number.store(now.wrapping_add(more), Ordering::Relaxed);
}

#[inline(always)]
fn bucket(ticks: u64) -> usize {
    let bits = PER_OCTAVE.ilog2();
    let exponent = (ticks | 1).ilog2();
    let index = if exponent < bits {
        ticks
    } else {
        let octave = u64::from(exponent - bits);
        (octave * u64::from(PER_OCTAVE)) + (ticks >> (exponent - bits))
    };
    index as usize & (BUCKETS - 1)
}

/// A thread's shard, which is folded into the others' when the thread ends.
struct Owned(Arc<Shard>);

impl Owned {
    #[cold]
    fn new() -> Self {
        let shard = Arc::new(Shard::new());
        let mut shards = SHARDS.lock().expect("no panic");
        shards.push(Arc::clone(&shard));
        Self(shard)
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        let mut shards = SHARDS.lock().expect("no panic");
        shards.retain(|shard| !Arc::ptr_eq(shard, &self.0));
        let numbers = |shard: &'static Shard| [&shard.count, &shard.errors, &shard.sum];
        let own = [&self.0.count, &self.0.errors, &self.0.sum];
        let all = numbers(&ENDED).into_iter().zip(own);
        for (sum, own) in all.chain(ENDED.buckets.iter().zip(&self.0.buckets)) {
            add(sum, own.load(Ordering::Relaxed));
        }
    }
}

thread_local! {
    /// Of one function.
    static OWN: OnceCell<Owned> = const { OnceCell::new() };
    /// Of all functions, each with a number.
    static ALL: RefCell<Vec<Owned>> = const { RefCell::new(Vec::new()) };
}

#[inline(always)]
fn record(start: u64, failed: bool) {
    let ticks = ticks().wrapping_sub(start);
    // What a thread calls while it ends is not counted.
    let _ = OWN.try_with(|own| own.get_or_init(Owned::new).0.record(ticks, failed));
}

#[inline(always)]
fn record_at(index: usize, start: u64, failed: bool) {
    let ticks = ticks().wrapping_sub(start);
    let recorded = ALL.try_with(|all| {
        let all = all.borrow();
        let own = all.get(index)?;
        own.0.record(ticks, failed);
        Some(())
    });
    if recorded == Ok(None) {
        grow(index);
    }
}

/// The first call of a thread, which is not counted.
#[cold]
fn grow(index: usize) {
    ALL.with_borrow_mut(|all| all.resize_with(index + 1, Owned::new));
}

#[inline(never)]
pub(crate) fn shard(n: u64) -> Result<u64, Failed> {
    let start = ticks();
    let result = body(n);
    record(start, result.is_err());
    result
}

#[inline(never)]
pub(crate) fn indexed(n: u64) -> Result<u64, Failed> {
    let start = ticks();
    let result = body(n);
    record_at(black_box(NUMBER), start, result.is_err());
    result
}

#[inline(never)]
pub(crate) async fn shard_async(n: u64) -> Result<u64, Failed> {
    let start = ticks();
    let result = async { body(n) }.await;
    record(start, result.is_err());
    result
}

#[inline(never)]
pub(crate) async fn indexed_async(n: u64) -> Result<u64, Failed> {
    let start = ticks();
    let result = async { body(n) }.await;
    record_at(black_box(NUMBER), start, result.is_err());
    result
}
