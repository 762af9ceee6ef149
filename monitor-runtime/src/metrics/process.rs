//! CPU, memory, threads and open files of the process.
//!
//! Read from `/proc` on Linux (proc(5)), where a few numbers do not warrant a
//! dependency of every user; elsewhere the numbers are absent, not wrong. All of them
//! together cost some 25 µs, so that each snapshot has its own; before Linux 6.2 open files
//! have to be listed, which adds 0.4 µs for each of them.

#[cfg(target_os = "linux")]
use std::fs;
use std::time::Duration;

/// The process at one moment. A number that the system does not give is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProcessSnapshot {
    /// CPU time of all threads, in user and in system mode, to 10 ms.
    pub cpu_time: Option<Duration>,
    /// Resident memory, in bytes.
    pub memory_resident: Option<u64>,
    /// The most memory that was ever resident, in bytes.
    pub memory_peak: Option<u64>,
    /// Threads, those of libraries and of this one among them.
    pub threads: Option<u64>,
    /// Open files, which sockets and pipes are too.
    pub open_files: Option<u64>,
}

impl ProcessSnapshot {
    #[cfg(target_os = "linux")]
    pub(crate) fn take() -> Self {
        let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        Self {
            cpu_time: cpu_time(&stat),
            memory_resident: bytes(&status, "VmRSS:"),
            memory_peak: bytes(&status, "VmHWM:"),
            threads: line(&status, "Threads:").and_then(|threads| threads.parse().ok()),
            open_files: open_files(),
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn take() -> Self {
        Self::default()
    }
}

/// User and system time, fields 14 and 15 of `/proc/self/stat`. The unit there is
/// `USER_HZ`, which is 100 on all architectures that Rust supports.
#[cfg(any(target_os = "linux", test))]
fn cpu_time(stat: &str) -> Option<Duration> {
    // The second field, the program's name, may contain blanks and parentheses.
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis(
        user.checked_add(system)?.checked_mul(10)?,
    ))
}

/// A line of `/proc/self/status`, such as `VmRSS:     1024 kB`.
#[cfg(any(target_os = "linux", test))]
fn bytes(status: &str, name: &str) -> Option<u64> {
    let kib: u64 = line(status, name)?
        .strip_suffix("kB")?
        .trim()
        .parse()
        .ok()?;
    kib.checked_mul(1024)
}

#[cfg(any(target_os = "linux", test))]
fn line<'s>(status: &'s str, name: &str) -> Option<&'s str> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim())
}

/// From Linux 6.2 on the folder's size is their number. Whether that is so is tried out once:
/// what else calls itself Linux may have another idea of a size.
#[cfg(target_os = "linux")]
fn open_files() -> Option<u64> {
    use std::sync::OnceLock;
    static SIZE_TELLS: OnceLock<bool> = OnceLock::new();
    let size = || Some(fs::metadata(OPEN_FILES).ok()?.len());
    if *SIZE_TELLS.get_or_init(|| size().is_some_and(|size| Some(size) == listed())) {
        size()
    } else {
        listed()
    }
}

#[cfg(target_os = "linux")]
const OPEN_FILES: &str = "/proc/self/fd";

/// Open files, counted one by one.
#[cfg(target_os = "linux")]
fn listed() -> Option<u64> {
    let count = fs::read_dir(OPEN_FILES).ok()?.count();
    // The folder is open itself while it is read.
    u64::try_from(count.checked_sub(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_name_with_blanks_and_parentheses_is_no_obstacle() {
        let stat = "77 (a (b) c) S 1 77 77 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 1 0 9 1 2";
        assert_eq!(cpu_time(stat), Some(Duration::from_secs(3)));
        assert_eq!(cpu_time(""), None);
    }

    #[test]
    fn memory_is_read_in_kib_and_given_in_bytes() {
        let status = "Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(bytes(status, "VmRSS:"), Some(1 << 20));
        assert_eq!(bytes(status, "VmHWM:"), Some(2 << 20));
        assert_eq!(bytes(status, "VmSwap:"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_all_numbers() {
        let process = ProcessSnapshot::take();
        assert!(process.cpu_time.is_some());
        assert!(process.memory_resident.is_some_and(|bytes| bytes > 100_000));
        assert!(process.memory_peak >= process.memory_resident);
        assert!(process.threads >= Some(1));
        assert!(process.open_files >= Some(1));
    }

    #[test]
    fn a_line_of_the_status_is_found_by_its_whole_name() {
        let status = "Name:\tThreads: 7\nThreads:\t12\nSigQ:\t0/1\n";
        assert_eq!(line(status, "Threads:"), Some("12"));
        assert_eq!(line(status, "Thread:"), None);
    }
}
