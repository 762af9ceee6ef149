//! What cuts a call off, at which instant.

use std::cell::RefCell;
use std::time::Duration;

use monitor_runtime::{TimedOut, monitored, retry, testing};
use tokio::time::{Instant, sleep};

/// When attempts began, since the test did.
struct Attempts {
    start: Instant,
    at: RefCell<Vec<f64>>,
}

impl Attempts {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            at: RefCell::default(),
        }
    }

    fn begin(&self) -> usize {
        let now = self.now();
        self.at.borrow_mut().push(now);
        self.at.borrow().len()
    }

    fn now(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn at(&self) -> Vec<f64> {
        self.at.borrow().clone()
    }
}

#[derive(Debug, PartialEq)]
enum Error {
    Failed(usize),
    Slow(TimedOut),
}

impl From<TimedOut> for Error {
    fn from(error: TimedOut) -> Self {
        Self::Slow(error)
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_is_cut_off_at_its_timeout_and_another_follows() {
    #[retry(max = 3, delay = 1, attempt_timeout = 5)]
    async fn stuck(attempts: &Attempts) -> Result<usize, Error> {
        if attempts.begin() < 3 {
            sleep(Duration::from_secs(60)).await;
        }
        Ok(attempts.at().len())
    }
    let attempts = Attempts::new();
    assert_eq!(stuck(&attempts).await, Ok(3));
    assert_eq!(attempts.at(), [0.0, 7.0, 16.0]);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_cuts_off_a_running_attempt() {
    #[retry(max = 5, delay = 1, deadline = 10)]
    async fn stuck(attempts: &Attempts) -> Result<(), Error> {
        let n = attempts.begin();
        if n > 1 {
            sleep(Duration::from_secs(60)).await;
        }
        Err(Error::Failed(n))
    }
    let attempts = Attempts::new();
    let Err(Error::Slow(error)) = stuck(&attempts).await else {
        panic!("a time-out");
    };
    assert!(error.is_deadline());
    assert_eq!(error.limit(), Duration::from_secs(10));
    assert_eq!(
        error.to_string(),
        "the call, with its retries, took longer than 10 s"
    );
    assert_eq!((attempts.at(), attempts.now()), (vec![0.0, 2.0], 10.0));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_refuses_a_wait_that_would_end_past_it() {
    #[retry(max = 5, delay = 1, deadline = 6)]
    async fn fail(attempts: &Attempts) -> Result<(), Error> {
        Err(Error::Failed(attempts.begin()))
    }
    let attempts = Attempts::new();
    assert_eq!(fail(&attempts).await, Err(Error::Failed(2)));
    assert_eq!((attempts.at(), attempts.now()), (vec![0.0, 2.0], 2.0));
}

#[test]
fn limits_work_outside_of_tokio() {
    #[retry(max = 3, delay = "1ms", attempt_timeout = "1ms")]
    async fn stuck(attempts: &RefCell<u32>) -> Result<(), Error> {
        *attempts.borrow_mut() += 1;
        std::future::pending().await
    }
    #[retry(max = 3, delay = "1ms", deadline = "20ms")]
    async fn stuck_for_good(attempts: &RefCell<u32>) -> Result<(), Error> {
        *attempts.borrow_mut() += 1;
        std::future::pending().await
    }
    let attempts = RefCell::new(0);
    let result = futures_lite::future::block_on(stuck(&attempts));
    assert!(matches!(result, Err(Error::Slow(error)) if !error.is_deadline()));
    assert_eq!(attempts.take(), 3);
    let result = futures_lite::future::block_on(stuck_for_good(&attempts));
    assert!(matches!(result, Err(Error::Slow(error)) if error.is_deadline()));
    assert_eq!(attempts.take(), 1);
}

#[test]
fn a_sync_deadline_refuses_the_wait() {
    #[retry(max = 5, delay = 1, deadline = 6)]
    fn fail(calls: &RefCell<u32>) -> Result<(), u32> {
        *calls.borrow_mut() += 1;
        Err(*calls.borrow())
    }
    let run = testing::capture();
    assert_eq!(fail(&RefCell::new(0)), Err(2));
    assert_eq!(run.waits(), [Duration::from_secs(2)]);
    assert_eq!(run.events("call.gave_up")[0]["data"]["reason"], "deadline");
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_is_cut_off_has_its_own_outcome() {
    #[monitored(stage = "NBA-17", event = "ABOVE", alert = "critical")]
    #[retry(max = 2, delay = 1, attempt_timeout = 5)]
    async fn above() -> Result<(), Error> {
        sleep(Duration::from_secs(60)).await;
        Ok(())
    }
    #[retry(max = 2, delay = 1, attempt_timeout = 5)]
    #[monitored(stage = "NBA-18", event = "BELOW", alert = "critical")]
    async fn below() -> Result<(), Error> {
        sleep(Duration::from_secs(60)).await;
        Ok(())
    }
    let run = testing::capture();
    assert!(above().await.is_err());
    let end = &run.events("ABOVE_ERROR")[0]["data"];
    assert_eq!(
        (&end["outcome"], &end["attempts"], &end["gave_up"]),
        (&"timeout".into(), &2.into(), &"attempts".into())
    );
    assert_eq!(run.alerts().len(), 1);
    assert_eq!(run.snapshot().stages[0].totals.timeout, 1);

    assert!(below().await.is_err());
    let ends = run.events("BELOW_ERROR");
    assert_eq!(ends.len(), 2);
    assert_eq!(ends[0]["data"]["outcome"], "timeout");
    assert_eq!(run.events("BELOW_CANCELLED").len(), 0);
    assert_eq!(run.alerts().len(), 2);
    assert_eq!(run.snapshot().stages[1].totals.timeout, 2);
}
