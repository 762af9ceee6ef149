//! What reading a clock twice costs, which nothing that times a call is cheaper than.

use std::hint::black_box;
use std::time::Instant;

use crate::function::{Failed, body};

/// The CPU's counter.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn ticks() -> u64 {
    // SAFETY: the instruction reads a register and touches no memory.
    unsafe { std::arch::x86_64::_rdtsc() }
}

/// Nanoseconds, where the CPU's counter is not known.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(crate) fn ticks() -> u64 {
    use std::sync::LazyLock;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_nanos() as u64
}

#[inline(never)]
pub(crate) fn counter(n: u64) -> Result<u64, Failed> {
    let start = ticks();
    let result = body(n);
    black_box(ticks().wrapping_sub(start));
    result
}

#[inline(never)]
pub(crate) fn instant(n: u64) -> Result<u64, Failed> {
    let start = Instant::now();
    let result = body(n);
    black_box(start.elapsed());
    result
}

#[inline(never)]
pub(crate) async fn counter_async(n: u64) -> Result<u64, Failed> {
    let start = ticks();
    let result = body(n);
    black_box(ticks().wrapping_sub(start));
    result
}

#[inline(never)]
pub(crate) async fn instant_async(n: u64) -> Result<u64, Failed> {
    let start = Instant::now();
    let result = body(n);
    black_box(start.elapsed());
    result
}
