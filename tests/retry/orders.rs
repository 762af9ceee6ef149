//! `#[monitored]` and `#[retry]` in both orders, on functions that return a future.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};

use monitor_runtime::{monitored, retry, testing};

fn count_down(left: &AtomicU32) -> Result<u32, String> {
    match left.fetch_sub(1, Ordering::Relaxed) {
        0 => Ok(7),
        n => Err(format!("{n} left")),
    }
}

#[monitored(stage = "NBA-17", event = "ABOVE")]
#[retry(max = 3, delay = 1)]
fn above_tail(left: &AtomicU32) -> impl Future<Output = Result<u32, String>> + Send {
    async move { count_down(left) }
}

#[monitored(stage = "NBA-17", event = "ABOVE")]
#[retry(max = 3, delay = 1)]
fn above_made<'a>(
    left: &'a AtomicU32,
    early: bool,
) -> Pin<Box<dyn Future<Output = Result<u32, String>> + Send + 'a>> {
    if early {
        return Box::pin(above_plain(left));
    }
    Box::pin(above_plain(left))
}

async fn above_plain(left: &AtomicU32) -> Result<u32, String> {
    count_down(left)
}

#[retry(max = 3, delay = 1)]
#[monitored(stage = "NBA-18", event = "BELOW", records = |n| *n as usize)]
fn below_tail(left: &AtomicU32) -> impl Future<Output = Result<u32, String>> + Send {
    async move { count_down(left) }
}

#[retry(max = 3, delay = 1)]
#[monitored(stage = "NBA-18", event = "BELOW", fields(early))]
fn below_made<'a>(
    left: &'a AtomicU32,
    early: bool,
) -> Pin<Box<dyn Future<Output = Result<u32, String>> + Send + 'a>> {
    if early {
        return Box::pin(above_plain(left));
    }
    Box::pin(above_plain(left))
}

#[tokio::test]
async fn monitored_above_is_one_record_and_below_one_for_each_attempt() {
    for early in [true, false] {
        let run = testing::capture();
        assert_eq!(above_tail(&AtomicU32::new(2)).await, Ok(7));
        assert_eq!(above_made(&AtomicU32::new(2), early).await, Ok(7));
        let ends = run.events("ABOVE_END");
        assert_eq!(ends.len(), 2);
        assert_eq!(
            (&ends[0]["data"]["attempts"], &ends[1]["data"]["attempts"]),
            (&3.into(), &3.into())
        );
        assert_eq!(below_tail(&AtomicU32::new(2)).await, Ok(7));
        assert_eq!(below_made(&AtomicU32::new(2), early).await, Ok(7));
        assert_eq!(run.events("BELOW_ERROR").len(), 4);
        let ends = run.events("BELOW_END");
        assert_eq!(ends.len(), 2);
        assert_eq!(
            (&ends[0]["data"]["attempt"], &ends[1]["data"]["attempt"]),
            (&3.into(), &3.into())
        );
        assert_eq!(run.waits().len(), 8);
    }
}
