//! However threads interleave, retries are paid for, and what was earned can be spent.

use monitor_loom::share;

#[test]
fn no_more_is_granted_than_calls_have_earned() {
    // Two calls at a half each: one retry, for the thread that asks after both calls.
    share((0.5, 0.0), 2, 1, 1, 1);
    // Each call earns a whole one.
    share((1.0, 0.0), 2, 1, 2, 2);
    share((1.0, 0.0), 2, 2, 2, 2);
}

#[test]
fn the_floor_is_shared_and_not_each_threads_own() {
    share((0.0, 1.0), 2, 1, 1, 1);
    share((0.0, 2.0), 3, 1, 2, 2);
    // The floor is the least that is earned, not an extra.
    share((0.5, 1.0), 2, 2, 1, 1);
}
