//! Calls at the end of a thread.

use std::thread;

use monitor_runtime::{Monitor, monitored};

use crate::support::{JOB_LOGS, Job};

#[monitored(stage = "NBA-17", event = "AT_END")]
fn inside(n: u32) -> Result<u32, String> {
    Ok(n)
}

struct CallsAtItsEnd;

impl Drop for CallsAtItsEnd {
    fn drop(&mut self) {
        assert_eq!(inside(1), Ok(1));
    }
}

thread_local! {
    static LAST: CallsAtItsEnd = const { CallsAtItsEnd };
}

#[test]
fn job_that_calls_at_a_threads_end() {
    let Some(logs) = std::env::var_os(JOB_LOGS) else {
        return;
    };
    let _monitor = Monitor::builder().logs(logs).install().unwrap();
    let thread = thread::spawn(|| {
        LAST.with(|_| ());
        inside(2)
    });
    assert_eq!(thread.join().unwrap(), Ok(2));
}

/// The registry of spans panicked there, and a panic in the destructor of a thread's local
/// ends the program.
#[test]
fn a_call_in_the_destructor_of_a_threads_local_is_a_call() {
    let job = Job::new(
        "threads::job_that_calls_at_a_threads_end",
        [("NO_COLOR", "1")],
    )
    .finish();
    assert!(job.success, "{}", job.output);
    assert!(!job.output.contains("panicked"), "{}", job.output);
    assert_eq!(
        job.logs.matches("\"event_type\":\"AT_END_END\"").count(),
        2,
        "{}",
        job.logs
    );
}
