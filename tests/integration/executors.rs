//! A panic is told from a cancellation whatever drives the future.

use std::future::{self, Future};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use futures_lite::future::yield_now;
use monitor_runtime::{CallStats, monitored, snapshot};

/// Polls both until the first is ready.
async fn both(first: impl Future<Output = ()>, second: impl Future<Output = ()>) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    future::poll_fn(|cx| {
        let ready = first.as_mut().poll(cx);
        if second.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        ready
    })
    .await;
}

/// A stage for each executor, so that tests that run at the same time do not meet. A task
/// runs in a thread of its executor's, where no capture sees it.
macro_rules! stages {
    ($module:ident, $waiting:literal, $falling:literal, $boxed:literal) => {
        mod $module {
            use super::*;

            #[monitored(stage = $waiting)]
            async fn wait() {
                future::pending::<()>().await;
            }

            #[monitored(stage = $falling)]
            async fn fall() {
                yield_now().await;
                panic!("in a poll");
            }

            #[monitored(stage = $boxed)]
            fn fall_in_a_box() -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
                Box::pin(async move {
                    yield_now().await;
                    panic!("in a box");
                })
            }

            pub(super) async fn run() {
                both(wait(), fall()).await;
            }

            pub(super) async fn run_boxed() {
                both(wait(), fall_in_a_box()).await;
            }

            pub(super) fn check() {
                let counts = |stage: &str| {
                    let totals = snapshot().stage(stage).unwrap().totals.clone();
                    let CallStats {
                        ok,
                        error,
                        panic,
                        cancelled,
                        in_flight,
                        ..
                    } = totals;
                    [ok, error, panic, cancelled, in_flight]
                };
                assert_eq!(counts($waiting), [0, 0, 0, 2, 0]);
                assert_eq!(counts($falling), [0, 0, 1, 0, 0]);
                assert_eq!(counts($boxed), [0, 0, 1, 0, 0]);
            }
        }
    };
}

stages!(on_tokio, "TOKIO-1", "TOKIO-2", "TOKIO-3");
stages!(on_threads, "THREADS-1", "THREADS-2", "THREADS-3");
stages!(on_lite, "LITE-1", "LITE-2", "LITE-3");

#[test]
fn what_a_panic_drops_is_cancelled_in_a_tokio_runtime_of_one_thread() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        assert!(tokio::spawn(on_tokio::run()).await.unwrap_err().is_panic());
        assert!(
            tokio::spawn(on_tokio::run_boxed())
                .await
                .unwrap_err()
                .is_panic()
        );
    });
    on_tokio::check();
}

#[test]
fn what_a_panic_drops_is_cancelled_in_a_tokio_runtime_of_many_threads() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    runtime.block_on(async {
        assert!(
            tokio::spawn(on_threads::run())
                .await
                .unwrap_err()
                .is_panic()
        );
        assert!(
            tokio::spawn(on_threads::run_boxed())
                .await
                .unwrap_err()
                .is_panic()
        );
    });
    on_threads::check();
}

#[test]
fn what_a_panic_drops_is_cancelled_outside_of_tokio() {
    let falls = |run: &dyn Fn()| assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    falls(&|| futures_lite::future::block_on(on_lite::run()));
    falls(&|| futures_lite::future::block_on(on_lite::run_boxed()));
    on_lite::check();
}
