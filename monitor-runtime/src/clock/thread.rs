//! The CPU time of a thread, from `clock_gettime` with `CLOCK_THREAD_CPUTIME_ID`.
//!
//! The standard library links the C library but has no way to this clock; a dependency for
//! one call would be the twenty-fifth crate of a default build.

#[cfg(all(
    any(target_os = "linux", target_os = "android", target_os = "macos"),
    target_pointer_width = "64"
))]
mod unix {
    use std::ffi::c_int;

    /// As the C library has it where a pointer has 64 bits.
    #[repr(C)]
    struct Timespec {
        seconds: i64,
        nanos: i64,
    }

    const CLOCK_THREAD_CPUTIME_ID: c_int = if cfg!(target_os = "macos") { 16 } else { 3 };

    #[expect(unsafe_code, reason = "declares a function of the C library")]
    unsafe extern "C" {
        fn clock_gettime(clock: c_int, time: *mut Timespec) -> c_int;
    }

    #[expect(unsafe_code, reason = "the standard library has no safe way to it")]
    pub(super) fn now() -> Option<u64> {
        let mut time = Timespec {
            seconds: 0,
            nanos: 0,
        };
        // SAFETY: the pointer is to a value of the size that the function writes.
        let result = unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
        let nanos = time.seconds.checked_mul(1_000_000_000)?;
        let nanos = nanos.checked_add(time.nanos)?;
        u64::try_from(nanos).ok().filter(|_| result == 0)
    }
}

/// CPU time of the current thread in nanoseconds; `None` where the system does not tell.
/// A read costs 0.4 µs.
#[cold]
pub(crate) fn cpu_nanos() -> Option<u64> {
    #[cfg(all(
        any(target_os = "linux", target_os = "android", target_os = "macos"),
        target_pointer_width = "64"
    ))]
    return unix::now();
    #[cfg(not(all(
        any(target_os = "linux", target_os = "android", target_os = "macos"),
        target_pointer_width = "64"
    )))]
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::hint::black_box;

    #[test]
    fn it_grows_with_work_and_not_beyond_the_time_that_passed() {
        let (began, start) = (std::time::Instant::now(), cpu_nanos().expect("a clock"));
        let mut sum = 0_u64;
        for n in 0..3_000_000 {
            sum = sum.wrapping_add(black_box(n));
        }
        black_box(sum);
        let used = cpu_nanos().expect("a clock") - start;
        assert!(used > 0 && u128::from(used) <= began.elapsed().as_nanos());
    }
}
