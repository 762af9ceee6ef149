//! What the process uses, where the system tells.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::sync::{Arc, Barrier};
use std::thread;

use monitor_runtime::snapshot;

use crate::support::{JOB_LOGS, Job};

/// Threads and open files.
fn used() -> [u64; 2] {
    let process = snapshot().process;
    [process.threads.unwrap(), process.open_files.unwrap()]
}

#[test]
fn job_with_files_and_threads() {
    if std::env::var_os(JOB_LOGS).is_none() {
        return;
    }
    let [threads, files] = used();
    // The folder that is listed is one of them while it is.
    let listed = fs::read_dir("/proc/self/fd").unwrap().count() - 1;
    assert_eq!(files, listed as u64);

    let open: Vec<File> = (0..50).map(|_| File::open("/dev/null").unwrap()).collect();
    let barrier = Arc::new(Barrier::new(8));
    let wait = || {
        let barrier = Arc::clone(&barrier);
        thread::spawn(move || barrier.wait())
    };
    let waiting: Vec<_> = (0..7).map(|_| wait()).collect();
    assert_eq!(used(), [threads + 7, files + 50]);

    drop(open);
    assert_eq!(used(), [threads + 7, files]);
    barrier.wait();
    for thread in waiting {
        thread.join().unwrap();
    }
}

#[test]
fn threads_and_open_files_are_counted() {
    let name = "process::job_with_files_and_threads";
    let job = Job::new(name, [("NO_COLOR", "1")]).finish();
    assert!(job.success, "{}", job.output);
    assert!(job.output.contains("1 passed"), "{}", job.output);
}
