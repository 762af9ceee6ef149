//! A future that is dropped in an attempt or in a wait: all stops, and one record tells.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use monitor_runtime::{monitored, retry, testing};
use tokio::time::{Instant, sleep, timeout_at};

const SECOND: Duration = Duration::from_secs(1);

/// What a test sees of the attempts.
#[derive(Clone, Default)]
struct Attempts {
    begun: Arc<AtomicU32>,
    open: Arc<AtomicU32>,
}

/// Closes the attempt when it ends, in whatever way.
struct Open(Arc<AtomicU32>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Attempts {
    /// An attempt of three seconds that fails: so the first wait is from 3 s to 5 s, the
    /// second attempt ends at 8 s, and the wait after it at 12 s.
    async fn fail(&self) -> Result<(), String> {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.open.fetch_add(1, Ordering::Relaxed);
        let _open = Open(Arc::clone(&self.open));
        sleep(3 * SECOND).await;
        Err("not yet".to_owned())
    }

    fn counts(&self) -> (u32, u32) {
        let load = |counter: &AtomicU32| counter.load(Ordering::Relaxed);
        (load(&self.begun), load(&self.open))
    }
}

#[monitored(stage = "NBA-17", event = "ABOVE")]
#[retry(max = 3, delay = 1)]
async fn above(attempts: Attempts) -> Result<(), String> {
    attempts.fail().await
}

#[retry(max = 3, delay = 1, deadline = 60, attempt_timeout = 30)]
#[monitored(stage = "NBA-17", event = "BELOW")]
async fn below(attempts: Attempts) -> Result<(), String> {
    attempts.fail().await
}

/// Runs `call` for so many seconds, with waits that take their time.
async fn run_for(seconds: u32, call: impl Future<Output = Result<(), String>>) {
    let end = Instant::now() + SECOND * seconds;
    assert!(timeout_at(end, call).await.is_err(), "the call is not over");
    assert_eq!(Instant::now(), end);
    // What is left of it would show.
    sleep(100 * SECOND).await;
}

#[tokio::test(start_paused = true)]
async fn dropped_in_an_attempt() {
    for (at, begun, retries) in [(1, 1, 0), (6, 2, 1)] {
        let (run, attempts) = (testing::capture_with_waits(), Attempts::default());
        run_for(at, above(attempts.clone())).await;
        assert_eq!(attempts.counts(), (begun, 0));
        let ends = run.events("ABOVE_CANCELLED");
        assert_eq!(ends.len(), 1);
        assert_eq!(run.lines().len(), 2 + retries, "start, retries, end");
        assert_eq!(run.snapshot().stages[0].totals.cancelled, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_in_a_wait() {
    for (at, begun) in [(4, 1), (9, 2)] {
        let (run, attempts) = (testing::capture_with_waits(), Attempts::default());
        run_for(at, above(attempts.clone())).await;
        assert_eq!(attempts.counts(), (begun, 0));
        let ends = run.events("ABOVE_CANCELLED");
        assert_eq!(ends.len(), 1);
        let attempts = ends[0]["data"]["attempts"].as_u64().unwrap_or(1);
        assert_eq!(attempts, u64::from(begun), "the next one did not begin");
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_for_each_attempt_is_cancelled_with_its_attempt_alone() {
    for (at, begun, cancelled) in [(1, 1, 1), (4, 1, 0), (6, 2, 1), (9, 2, 0)] {
        let (run, attempts) = (testing::capture_with_waits(), Attempts::default());
        run_for(at, below(attempts.clone())).await;
        assert_eq!(attempts.counts(), (begun, 0));
        assert_eq!(run.events("BELOW_CANCELLED").len(), cancelled, "{at}");
        assert_eq!(run.events("BELOW_START").len(), begun as usize);
    }
}

#[tokio::test]
async fn dropped_before_its_first_poll_it_is_no_call() {
    let (run, attempts) = (testing::capture(), Attempts::default());
    drop(above(attempts.clone()));
    drop(below(attempts.clone()));
    assert_eq!(attempts.counts(), (0, 0));
    assert!(run.lines().is_empty());
}
