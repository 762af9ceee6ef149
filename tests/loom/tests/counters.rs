//! However a reader and the threads that count interleave, each call is counted once, and
//! what is read can have been. Each bucket is full with one call.

use monitor_loom::counters::count;

#[test]
fn a_success_is_counted_once_whether_it_is_late_or_in_its_bucket() {
    count(&[(false, 1), (false, 1)], 1, false, 2);
    count(&[(false, 1), (false, 2)], 1, false, 1);
}

#[test]
fn a_bucket_that_is_full_is_emptied_between_two_reads() {
    count(&[(false, 1), (false, 1), (false, 1)], 1, false, 1);
    count(&[(true, 1), (true, 1)], 1, false, 1);
}

#[test]
fn an_error_is_counted_after_what_it_adds_to_the_sums() {
    count(&[(true, 3)], 1, false, 1);
}

#[test]
fn what_a_thread_counted_is_seen_once_when_it_ends() {
    count(&[(false, 1)], 1, true, 2);
    count(&[(true, 3)], 1, true, 1);
}

#[test]
fn threads_that_end_at_once_keep_all_that_they_counted() {
    count(&[(false, 2)], 2, true, 0);
}
