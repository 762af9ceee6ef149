//! Functions that are unsafe, or that do what is.

use std::mem::ManuallyDrop;
use std::num::NonZeroU32;

use super::monitored;
use crate::see::{Noisy, Seen, note, pause, run, see};

/// Reads.
///
/// # Safety
///
/// The pointer must be valid.
#[monitored(stage = "U-01")]
unsafe fn with_a_block(pointer: *const u32) -> u32 {
    // SAFETY: the caller says so.
    unsafe { *pointer }
}

#[monitored(stage = "U-02")]
#[allow(
    unsafe_op_in_unsafe_fn,
    reason = "the body of an unsafe function is one of unsafe code"
)]
unsafe fn without_a_block(pointer: *mut u32, n: u32) -> Option<u32> {
    if pointer.is_null() {
        return None;
    }
    *pointer += n;
    Some(with_a_block(pointer))
}

#[monitored(stage = "U-03")]
unsafe extern "C" fn foreign(pointer: *const u32, length: usize) -> u32 {
    // SAFETY: the caller says so.
    unsafe { std::slice::from_raw_parts(pointer, length) }
        .iter()
        .sum()
}

#[monitored(stage = "U-04", records = |n| *n)]
async unsafe fn asynchronous(n: u32) -> u32 {
    pause().await;
    // SAFETY: the caller says so.
    unsafe { NonZeroU32::new_unchecked(n) }.get()
}

#[monitored(stage = "U-05")]
fn safe_around(rows: &mut [u32]) -> (&mut [u32], &mut [u32]) {
    let (pointer, middle) = (rows.as_mut_ptr(), rows.len() / 2);
    let rest = rows.len() - middle;
    // SAFETY: the halves do not overlap.
    unsafe {
        (
            std::slice::from_raw_parts_mut(pointer, middle),
            std::slice::from_raw_parts_mut(pointer.add(middle), rest),
        )
    }
}

union Bits {
    number: u32,
    bytes: [u8; 4],
}

#[monitored(stage = "U-06")]
fn of_a_union(mut bits: Bits) -> u32 {
    bits.bytes = [1, 0, 0, 0];
    // SAFETY: each of its bytes is a number.
    unsafe { bits.number.swap_bytes() }
}

#[monitored(stage = "U-07")]
unsafe fn dropped_by_hand(mut kept: ManuallyDrop<Noisy>, _second: Noisy) {
    note("body");
    // SAFETY: the caller does not use it again.
    unsafe { ManuallyDrop::drop(&mut kept) }
}

/// Has an unsafe method.
///
/// # Safety
///
/// None is needed.
unsafe trait Raw {
    /// Gives the first.
    ///
    /// # Safety
    ///
    /// There must be one.
    #[monitored(stage = "U-08")]
    unsafe fn first(&self) -> &u32
    where
        Self: AsRef<[u32]>,
    {
        // SAFETY: the caller says so.
        unsafe { self.as_ref().get_unchecked(0) }
    }

    unsafe fn last(self) -> u32;
}

// SAFETY: none is needed.
unsafe impl Raw for Vec<u32> {
    #[monitored(stage = "U-09")]
    unsafe fn last(mut self) -> u32 {
        // SAFETY: the caller says so.
        unsafe { self.pop().unwrap_unchecked() }
    }
}

#[cfg(target_arch = "x86_64")]
#[monitored(stage = "U-10")]
#[target_feature(enable = "sse4.1")]
fn with_a_feature(rows: [i32; 4]) -> i32 {
    use std::arch::x86_64::{_mm_extract_epi32, _mm_set_epi32};
    let [a, b, c, d] = rows;
    let all = _mm_set_epi32(a, b, c, d);
    _mm_extract_epi32::<0>(all)
}

pub(crate) fn shapes() -> Vec<Seen> {
    let mut n = 7;
    let pointer = &raw mut n;
    vec![
        see("with_a_block", "U-01 with_a_block ok", || {
            // SAFETY: it points to `n`.
            unsafe { with_a_block(pointer) }
        }),
        see(
            "without_a_block",
            "U-01 with_a_block ok; U-02 without_a_block ok; U-02 without_a_block ok",
            || {
                // SAFETY: it points to `n` or to nothing.
                unsafe {
                    (
                        without_a_block(pointer, 1),
                        without_a_block(std::ptr::null_mut(), 1),
                    )
                }
            },
        ),
        see("foreign", "U-03 foreign ok", || {
            let call: unsafe extern "C" fn(*const u32, usize) -> u32 = foreign;
            // SAFETY: there are two.
            unsafe { call([1, 2].as_ptr(), 2) }
        }),
        see("asynchronous", "U-04 asynchronous ok records=7", || {
            // SAFETY: it is not zero.
            run(unsafe { asynchronous(7) })
        }),
        see("safe_around", "U-05 safe_around ok", || {
            let mut rows = [1, 2, 3];
            let (left, right) = safe_around(&mut rows);
            left[0] += right[1];
            rows
        }),
        see("of_a_union", "U-06 of_a_union ok", || {
            of_a_union(Bits { number: 0 })
        }),
        see("dropped_by_hand", "U-07 dropped_by_hand ok", || {
            // SAFETY: it is not used again.
            unsafe { dropped_by_hand(ManuallyDrop::new(Noisy("kept")), Noisy("second")) }
        }),
        see("first", "U-08 first ok", || {
            // SAFETY: there is one.
            unsafe { *vec![7].first() }
        }),
        see("last", "U-09 last ok", || {
            // SAFETY: there is one.
            unsafe { vec![1, 7].last() }
        }),
        #[cfg(target_arch = "x86_64")]
        see("with_a_feature", "U-10 with_a_feature ok", || {
            // SAFETY: the feature is there.
            std::is_x86_feature_detected!("sse4.1").then(|| unsafe { with_a_feature([1, 2, 3, 4]) })
        }),
    ]
}
