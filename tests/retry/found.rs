//! One test for each bug that was found in `#[retry]`, named for it.

#![allow(
    clippy::needless_arbitrary_self_type,
    reason = "the written form is what is tested"
)]

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use monitor_runtime::{TimedOut, monitored, retry, testing};
use tokio::time::sleep;

#[derive(Debug, PartialEq)]
enum E {
    F(u32),
    Slow(TimedOut),
}
impl From<TimedOut> for E {
    fn from(e: TimedOut) -> Self {
        E::Slow(e)
    }
}
fn poll_once<F: Future>(f: Pin<&mut F>) -> std::thread::Result<Poll<F::Output>> {
    catch_unwind(AssertUnwindSafe(|| {
        f.poll(&mut Context::from_waker(Waker::noop()))
    }))
}

#[tokio::test]
async fn attempt_timeout_fires_though_the_attempt_uses_up_tokios_budget() {
    #[retry(max = 1, attempt_timeout = 0.1)]
    async fn busy() -> Result<(), E> {
        loop {
            tokio::task::consume_budget().await;
        }
    }
    assert!(
        tokio::time::timeout(Duration::from_secs(2), busy())
            .await
            .is_ok()
    );
}
#[test]
fn a_panic_in_the_second_async_attempt_tells_two_attempts() {
    #[monitored(stage = "A-1", event = "PAN", alert = "critical")]
    #[retry(max = 3, delay = 1)]
    async fn f(n: &Cell<u32>) -> Result<(), E> {
        n.set(n.get() + 1);
        if n.get() == 2 {
            panic!("boom")
        }
        Err(E::F(1))
    }
    let (run, n) = (testing::capture(), Cell::new(0));
    let mut fut = Box::pin(f(&n));
    assert!(poll_once(fut.as_mut()).is_err());
    drop(fut);
    let end = &run.events("PAN_ERROR")[0]["data"];
    assert_eq!((&end["attempts"], &end["wait"]), (&2.into(), &2.0.into()));
    assert_eq!(run.alerts()[0]["data"]["attempts"], 2);
}
#[tokio::test(start_paused = true)]
async fn a_panic_while_a_timed_out_attempt_is_dropped_is_not_remembered() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                panic!("drop")
            }
        }
    }
    #[retry(max = 2, delay = 1, attempt_timeout = 5)]
    #[monitored(stage = "B-1", event = "BOMB")]
    async fn f(bomb: bool) -> Result<(), E> {
        let _b = bomb.then(|| Bomb);
        sleep(Duration::from_secs(60)).await;
        Ok(())
    }
    let run = testing::capture();
    let mut fut = Box::pin(f(true));
    assert!(
        std::future::poll_fn(
            |cx| match catch_unwind(AssertUnwindSafe(|| fut.as_mut().poll(cx))) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(_) => Poll::Ready(false),
                Err(_) => Poll::Ready(true),
            }
        )
        .await
    );
    drop(fut);
    let mut fut = Box::pin(f(false));
    assert!(poll_once(fut.as_mut()).is_ok());
    drop(fut);
    assert_eq!(run.events("BOMB_CANCELLED").len(), 1);
}
#[tokio::test(start_paused = true)]
async fn in_a_recursion_only_the_attempt_that_was_cut_off_timed_out() {
    #[retry(max = 1, attempt_timeout = 5)]
    #[monitored(stage = "C-1", event = "REC")]
    fn f(depth: u32) -> Pin<Box<dyn Future<Output = Result<(), E>>>> {
        Box::pin(async move {
            if depth == 0 {
                sleep(Duration::from_secs(60)).await;
                return Ok(());
            }
            sleep(Duration::from_secs(1)).await;
            f(depth - 1).await
        })
    }
    let run = testing::capture();
    assert!(f(1).await.is_err());
    assert_eq!(
        (
            run.events("REC_CANCELLED").len(),
            run.events("REC_ERROR").len()
        ),
        (1, 1)
    );
}
#[test]
fn a_panic_in_when_does_not_lose_the_alert() {
    #[retry(max = 3, delay = 1, when = |_: &E| panic!("when"))]
    #[monitored(stage = "D-1", event = "WHEN", alert = "critical")]
    fn f() -> Result<(), E> {
        Err(E::F(0))
    }
    let run = testing::capture();
    assert!(catch_unwind(f).is_err());
    assert_eq!(run.alerts().len(), 1);
}
#[test]
fn when_may_call_the_same_function() {
    thread_local!(static INSIDE: Cell<bool> = const { Cell::new(false) });
    fn probe() -> bool {
        if !INSIDE.replace(true) {
            let _ = f(7);
        }
        false
    }
    #[retry(max = 3, delay = 1, when = |_| probe())]
    #[monitored(stage = "D-2", event = "WHEN", alert = "critical", fields(n))]
    fn f(n: u32) -> Result<(), E> {
        Err(E::F(n))
    }
    let run = testing::capture();
    assert!(f(1).is_err());
    // The inner call's, and the outer one's, which is the same trouble.
    assert_eq!(run.alerts().len(), 1);
    assert_eq!(run.events("alert.suppressed").len(), 1);
}
#[tokio::test]
async fn no_attempt_begins_after_the_deadline() {
    #[retry(max = 3, delay = 0.05, deadline = 0.15)]
    async fn f(at: &RefCell<Vec<Duration>>, t: Instant) -> Result<(), E> {
        at.borrow_mut().push(t.elapsed());
        sleep(Duration::from_millis(1)).await;
        Err(E::F(1))
    }
    let (at, t) = (RefCell::default(), Instant::now());
    let block = async {
        sleep(Duration::from_millis(50)).await;
        std::thread::sleep(Duration::from_millis(300));
    };
    let _ = tokio::join!(f(&at, t), block);
    assert_eq!(at.borrow().len(), 1);
}
#[test]
fn in_a_capture_waits_of_an_inner_loop_count_for_the_deadline_around_it() {
    #[retry(max = 3, delay = 2)]
    fn inner(n: &Cell<u32>) -> Result<(), E> {
        n.set(n.get() + 1);
        Err(E::F(1))
    }
    #[retry(max = 3, delay = 1, deadline = 10)]
    fn outer(n: &Cell<u32>) -> Result<(), E> {
        inner(n)
    }
    let (_run, n) = (testing::capture(), Cell::new(0));
    assert!(outer(&n).is_err());
    assert_eq!(n.get(), 3);
}

/// A mutable reference may be moved in each attempt, and a field need not be `Sync`.
#[test]
fn a_mutable_reference_is_lent_to_each_attempt() {
    #[retry(max = 3, delay = 1)]
    fn each(rows: &mut Vec<u32>) -> Result<(), E> {
        for row in rows {
            *row += 1;
        }
        Err(E::F(0))
    }
    #[monitored(stage = "E-1")]
    #[retry(max = 3, delay = 1)]
    async fn each_async(mut rows: &mut [u32]) -> Result<(), E> {
        rows = &mut rows[1..];
        for row in rows {
            *row += 1;
        }
        Err(E::F(0))
    }
    struct Port {
        reads: Cell<u32>,
    }
    impl Port {
        #[retry(max = 3, delay = 1)]
        async fn read(self: &mut Self) -> Result<(), E> {
            tokio::task::yield_now().await;
            self.reads.set(self.reads.get() + 1);
            Err(E::F(0))
        }
    }
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let _run = testing::capture();
    let mut rows = vec![0, 0];
    assert!(each(&mut rows).is_err());
    assert!(futures_lite::future::block_on(each_async(&mut rows)).is_err());
    assert_eq!(rows, [3, 6]);
    let mut port = Port {
        reads: Cell::new(0),
    };
    assert!(futures_lite::future::block_on(is_send(port.read())).is_err());
    assert_eq!(port.reads.get(), 3);
}

#[test]
fn a_made_future_in_a_box_may_borrow_by_a_named_lifetime() {
    async fn push(log: &mut Vec<u32>) -> Result<(), E> {
        log.push(1);
        Err(E::F(0))
    }
    #[retry(max = 3, delay = 1)]
    fn made<'a>(log: &'a mut Vec<u32>) -> Pin<Box<dyn Future<Output = Result<(), E>> + Send + 'a>> {
        Box::pin(push(log))
    }
    #[retry(max = 2, delay = 1)]
    fn of_an_opaque() -> impl Future<Output = Result<impl Iterator<Item = u8>, E>> {
        async { Ok([7].into_iter()) }
    }
    let _run = testing::capture();
    let mut log = Vec::new();
    assert!(futures_lite::future::block_on(made(&mut log)).is_err());
    assert_eq!(log.len(), 3);
    assert!(futures_lite::future::block_on(of_an_opaque()).is_ok_and(|items| items.count() == 1));
}

#[test]
fn patterns_are_bound_anew_beside_mutable_references() {
    #[retry(max = 2, delay = 1, clone(row))]
    fn take(log: &mut Vec<String>, (row, mut by): (String, u32)) -> Result<(), E> {
        by += 1;
        log.push(row);
        Err(E::F(by))
    }
    #[retry(max = 2, delay = 1)]
    fn split(&mut (ref mut rows, mut by): &mut (Vec<u32>, u32)) -> Result<(), E> {
        by += 1;
        rows.push(by);
        Err(E::F(by))
    }
    let _run = testing::capture();
    let mut log = Vec::new();
    assert_eq!(take(&mut log, ("row".to_owned(), 1)), Err(E::F(2)));
    assert_eq!(log, ["row", "row"]);
    let mut pair = (Vec::new(), 1);
    assert_eq!(split(&mut pair), Err(E::F(2)));
    assert_eq!(pair, (vec![2, 2], 1));
}

#[tokio::test(start_paused = true)]
async fn dropped_in_a_wait_a_record_for_each_attempt_leaves_one_line_and_the_alert() {
    #[retry(max = 3, delay = 1)]
    #[monitored(stage = "F-1", event = "EACH", alert(on = "cancelled"))]
    async fn each() -> Result<(), E> {
        Err(E::F(0))
    }
    let run = testing::capture_with_waits();
    let call = tokio::time::timeout(Duration::from_secs(1), each());
    assert!(call.await.is_err());
    assert_eq!(run.events("EACH_CANCELLED").len(), 0);
    assert_eq!(run.events("call.cancelled").len(), 1);
    assert_eq!(run.alerts().len(), 1);
}
