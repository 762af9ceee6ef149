//! The time stamp counter of x86-64: two reads cost 20 ns here, two of `Instant` 51 ns, and
//! a monitored call has nothing else of that size.

/// Reads the counter.
#[cfg(target_arch = "x86_64")]
#[inline]
#[expect(unsafe_code, reason = "the standard library has no safe way to it")]
pub(super) fn read() -> u64 {
    // SAFETY: RDTSC touches no memory, and all processors of x86-64 have it. It traps where
    // a process has forbidden it to itself (PR_SET_TSC), which is not to be expected of one
    // that is monitored.
    unsafe { core::arch::x86_64::_rdtsc() }
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn read() -> u64 {
    0
}

/// Whether all processors count the same, and at one rate whatever they do. Linux watches
/// the counter, and strikes it off its list where they do not.
pub(super) fn is_stable() -> bool {
    const LIST: &str = "/sys/devices/system/clocksource/clocksource0/available_clocksource";

    cfg!(all(target_arch = "x86_64", target_os = "linux"))
        && std::fs::read_to_string(LIST)
            .is_ok_and(|list| list.split_ascii_whitespace().any(|name| name == "tsc"))
}
