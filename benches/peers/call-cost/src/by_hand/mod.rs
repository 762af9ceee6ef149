//! The best that a person would write: numbers that belong to a thread, timed by the
//! CPU's counter, that another thread may read and that are kept when the thread ends.

mod shard;

use std::cell::{OnceCell, RefCell};
use std::hint::black_box;

use crate::clock::ticks;
use crate::function::{Failed, body};
use shard::{Owned, Shard};

/// The function's number among all, which a real program reads from a static.
const NUMBER: usize = 3;

thread_local! {
    /// Of one function.
    static OWN: OnceCell<Owned> = const { OnceCell::new() };
    static LATE: OnceCell<Owned> = const { OnceCell::new() };
    /// Of all functions, each with a number.
    static ALL: RefCell<Vec<Owned>> = const { RefCell::new(Vec::new()) };
}

/// What a thread calls while it ends is not counted.
macro_rules! record {
    ($own:ident, $record:ident, $start:expr, $result:expr) => {{
        let ticks = ticks().wrapping_sub($start);
        let failed = $result.is_err();
        let _ = $own.try_with(|own| {
            let shard: &Shard = own.get_or_init(Owned::new).shard();
            shard.$record(ticks, failed);
        });
    }};
}

#[inline(always)]
fn record_at(index: usize, start: u64, failed: bool) {
    let ticks = ticks().wrapping_sub(start);
    let recorded = ALL.try_with(|all| {
        let all = all.borrow();
        let own = all.get(index)?;
        own.shard().record(ticks, failed);
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
pub(crate) fn own(n: u64) -> Result<u64, Failed> {
    let start = ticks();
    let result = body(n);
    record!(OWN, record, start, result);
    result
}

#[inline(never)]
pub(crate) fn late(n: u64) -> Result<u64, Failed> {
    let start = ticks();
    let result = body(n);
    record!(LATE, record_late, start, result);
    result
}

#[inline(never)]
pub(crate) fn numbered(n: u64) -> Result<u64, Failed> {
    let start = ticks();
    let result = body(n);
    record_at(black_box(NUMBER), start, result.is_err());
    result
}

#[inline(never)]
pub(crate) async fn own_async(n: u64) -> Result<u64, Failed> {
    let start = ticks();
    let result = async { body(n) }.await;
    record!(OWN, record, start, result);
    result
}

#[inline(never)]
pub(crate) async fn late_async(n: u64) -> Result<u64, Failed> {
    let start = ticks();
    let result = async { body(n) }.await;
    record!(LATE, record_late, start, result);
    result
}

#[inline(never)]
pub(crate) async fn numbered_async(n: u64) -> Result<u64, Failed> {
    let start = ticks();
    let result = async { body(n) }.await;
    record_at(black_box(NUMBER), start, result.is_err());
    result
}
