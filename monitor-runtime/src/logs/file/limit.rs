//! How long the process may make a file: RLIMIT_FSIZE.
//!
//! The kernel kills a process that writes beyond it, unless the process ignores the signal,
//! which needs unsafe code. So such a write is not tried.

use std::io::{self, ErrorKind};

/// In bytes; all of them where there is no limit, or none that can be read.
pub(super) fn longest_file() -> u64 {
    let limits = if cfg!(target_os = "linux") {
        std::fs::read_to_string("/proc/self/limits").unwrap_or_default()
    } else {
        String::new()
    };
    soft(&limits).unwrap_or(u64::MAX)
}

/// The limit that is in force, which stands before the one that it may be raised to.
fn soft(limits: &str) -> Option<u64> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max file size"))?;
    line.split_whitespace().next()?.parse().ok()
}

pub(super) fn exceeded(limit: u64) -> io::Error {
    io::Error::new(
        ErrorKind::FileTooLarge,
        format!("the process may make no file longer than {limit} bytes (RLIMIT_FSIZE)"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_in_force_is_read() {
        let limits = |soft: &str| {
            format!(
                "Limit                     Soft Limit           Hard Limit           Units\n\
                 Max cpu time              unlimited            unlimited            seconds\n\
                 Max file size             {soft:<20} unlimited            bytes\n"
            )
        };
        assert_eq!(soft(&limits("262144")), Some(262_144));
        assert_eq!(soft(&limits("unlimited")), None);
        assert_eq!(soft(""), None);
    }
}
