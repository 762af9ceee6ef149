//! When `#[retry]` tries again, what each attempt is given, and how long it waits.

use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use monitor_runtime::{retry, testing};
use tokio::time::Instant;

#[derive(Debug, PartialEq)]
struct Unavailable(u32);

#[retry(max = 3, delay = 2)]
fn never_there(calls: &AtomicU32) -> Result<(), Unavailable> {
    Err(Unavailable(calls.fetch_add(1, Ordering::Relaxed) + 1))
}

#[test]
fn three_attempts_wait_4_s_and_8_s_and_give_the_last_error_unchanged() {
    let run = testing::capture();
    let calls = AtomicU32::new(0);
    assert_eq!(never_there(&calls), Err(Unavailable(3)));
    assert_eq!(run.waits(), [4, 8].map(Duration::from_secs));
}

#[test]
fn a_bare_attribute_takes_the_defaults() {
    #[retry]
    fn never(calls: &AtomicU32) -> Result<(), Unavailable> {
        Err(Unavailable(calls.fetch_add(1, Ordering::Relaxed)))
    }
    let run = testing::capture();
    assert_eq!(never(&AtomicU32::new(0)), Err(Unavailable(2)));
    assert_eq!(run.waits(), [4, 8].map(Duration::from_secs));
}

#[tokio::test(start_paused = true)]
async fn async_attempts_come_at_exactly_0_4_and_12_seconds() {
    #[retry(max = 3, delay = 2)]
    async fn never(start: Instant, at: &mut Vec<Duration>) -> Result<(), Unavailable> {
        at.push(start.elapsed());
        Err(Unavailable(at.len() as u32))
    }
    let mut at = Vec::new();
    assert_eq!(never(Instant::now(), &mut at).await, Err(Unavailable(3)));
    assert_eq!(at, [0, 4, 12].map(Duration::from_secs));
}

#[test]
fn async_attempts_work_without_tokio() {
    #[retry(max = 2, delay = "1ms")]
    async fn second_time(calls: &AtomicU32) -> Result<u32, Unavailable> {
        match calls.fetch_add(1, Ordering::Relaxed) {
            0 => Err(Unavailable(0)),
            n => Ok(n),
        }
    }
    let calls = AtomicU32::new(0);
    assert_eq!(futures_lite::future::block_on(second_time(&calls)), Ok(1));
}

/// Counts how often it is cloned.
#[derive(Debug)]
struct Page(Rc<AtomicU32>);

impl Clone for Page {
    fn clone(&self) -> Self {
        self.0.fetch_add(1, Ordering::Relaxed);
        Self(Rc::clone(&self.0))
    }
}

#[test]
fn what_is_borrowed_is_never_cloned_and_what_is_consumed_not_for_the_last_attempt() {
    #[retry(max = 3, delay = 2)]
    fn borrow(page: Page) -> Result<(), Unavailable> {
        Err(Unavailable(page.0.load(Ordering::Relaxed)))
    }
    #[retry(max = 3, delay = 2)]
    fn consume(page: Page) -> Result<(), Unavailable> {
        drop(page);
        Err(Unavailable(0))
    }
    let _run = testing::capture();
    let clones = Rc::new(AtomicU32::new(0));
    borrow(Page(Rc::clone(&clones))).unwrap_err();
    assert_eq!(clones.load(Ordering::Relaxed), 0);
    consume(Page(Rc::clone(&clones))).unwrap_err();
    assert_eq!(clones.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_mut_argument_starts_fresh_for_each_attempt() {
    #[retry(max = 3, delay = 2)]
    fn grow(mut rows: Vec<u32>, (mut step, _): (u32, u32)) -> Result<(), Vec<u32>> {
        step += 1;
        rows.push(step);
        Err(rows)
    }
    #[retry(max = 3, delay = 2)]
    async fn grow_async(mut rows: Vec<u32>) -> Result<(), Vec<u32>> {
        rows.push(1);
        Err(rows)
    }
    let _run = testing::capture();
    assert_eq!(grow(vec![0], (4, 0)), Err(vec![0, 5]));
    assert_eq!(grow_async(vec![0]).await, Err(vec![0, 1]));
}

#[tokio::test]
async fn methods_that_change_themselves_are_tried_again() {
    struct Client {
        requests: u32,
    }
    impl Client {
        #[retry(max = 4, delay = 1)]
        fn get(&mut self) -> Result<u32, Unavailable> {
            self.requests += 1;
            if self.requests < 3 {
                Err(Unavailable(self.requests))
            } else {
                Ok(self.requests)
            }
        }

        #[retry(max = 4, delay = 1)]
        async fn get_async(&mut self, by: u32) -> Result<u32, Unavailable> {
            self.requests += by;
            if self.requests < 3 {
                Err(Unavailable(self.requests))
            } else {
                Ok(self.requests)
            }
        }
    }
    let run = testing::capture();
    assert_eq!(Client { requests: 0 }.get(), Ok(3));
    assert_eq!(Client { requests: 0 }.get_async(1).await, Ok(3));
    assert_eq!(run.waits(), [2, 4, 2, 4].map(Duration::from_secs));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retried_future_with_a_boxed_error_is_send() {
    #[retry(max = 2, delay = "1ms")]
    async fn fail(name: String) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        tokio::task::yield_now().await;
        Err(name.into())
    }
    let task = tokio::spawn(fail("boxed".to_owned()));
    assert_eq!(task.await.unwrap().unwrap_err().to_string(), "boxed");
}

#[test]
fn a_panic_is_not_retried() {
    #[retry(max = 3, delay = 2)]
    fn fall(calls: &AtomicU32) -> Result<(), Unavailable> {
        calls.fetch_add(1, Ordering::Relaxed);
        panic!("once");
    }
    let _run = testing::capture();
    let calls = AtomicU32::new(0);
    assert!(std::panic::catch_unwind(|| fall(&calls)).is_err());
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}
