//! What the operating system says of this process, and does for it.

use std::time::Duration;
use std::{fs, mem, thread};

use libc::{CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, clockid_t};

/// A thread that works off a queue wakes up within it; hotpath's does so each 50 ms.
const PAUSE: Duration = Duration::from_millis(60);
/// CPU time of a pause in which nothing was left to do.
const IDLE: Duration = Duration::from_millis(1);

/// CPU time of all threads.
pub(crate) fn cpu() -> Duration {
    clock(CLOCK_PROCESS_CPUTIME_ID)
}

/// CPU time of the calling thread.
pub(crate) fn thread_cpu() -> Duration {
    clock(CLOCK_THREAD_CPUTIME_ID)
}

fn clock(id: clockid_t) -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: it writes to the structure it is given, which outlives the call.
    let code = unsafe { libc::clock_gettime(id, &raw mut time) };
    assert_eq!(code, 0, "both clocks exist on Linux");
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Returns when the threads that work off queues have done so.
pub(crate) fn wait_until_idle() {
    loop {
        let before = cpu();
        thread::sleep(PAUSE);
        if cpu() - before < IDLE {
            return;
        }
    }
}

/// Has the calling thread run on one core, where the system lets it.
pub(crate) fn stay_on(core: usize) {
    // SAFETY: zeroes are the empty set, and both calls only look at the set, which
    // outlives them.
    unsafe {
        let mut set: libc::cpu_set_t = mem::zeroed();
        libc::CPU_SET(core, &mut set);
        libc::sched_setaffinity(0, mem::size_of_val(&set), &raw const set);
    }
}

/// Memory that is resident, in KiB: now, and at most so far.
pub(crate) fn resident() -> (u64, u64) {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let number = |key: &str| {
        let mut lines = status.lines();
        let line = lines.find_map(|line| line.strip_prefix(key));
        let number = line.and_then(|line| line.split_whitespace().next());
        number.and_then(|number| number.parse().ok())
    };
    let all = number("VmRSS:").zip(number("VmHWM:"));
    all.expect("both are in it")
}
