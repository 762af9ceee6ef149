//! Futures in traits, with `#[async_trait]` and without.

#![allow(
    clippy::manual_async_fn,
    clippy::needless_pass_by_value,
    reason = "the written form of the function is the point"
)]

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use async_trait::async_trait;

use super::monitored;
use crate::see::{Noisy, Seen, pause, run, see};

type Parsed<T = u32> = Result<T, std::num::ParseIntError>;

#[async_trait]
trait Source: Send + Sync {
    async fn read(&self, page: u32) -> Parsed;

    #[monitored(stage = "F-13")]
    async fn first(&self, others: &[u32]) -> Parsed<Vec<u32>>
    where
        Self: Sized,
    {
        let mut rows = vec![self.read(1).await?];
        rows.extend(others);
        Ok(rows)
    }

    #[monitored(stage = "F-14")]
    async fn count(&mut self) -> usize {
        pause().await;
        usize::from(self.read(2).await.is_ok())
    }

    async fn consume(self: Arc<Self>, name: Noisy) -> Noisy;
}

struct Memory(Vec<&'static str>);

#[async_trait]
impl Source for Memory {
    #[monitored(stage = "F-15", records = |_| 1, fields(page))]
    async fn read(&self, page: u32) -> Parsed {
        pause().await;
        let row = self.0.get(page as usize).copied();
        row.unwrap_or_default().parse()
    }

    #[monitored(stage = "F-16")]
    async fn consume(self: Arc<Self>, name: Noisy) -> Noisy {
        let _local = Noisy("local");
        pause().await;
        name
    }
}

struct Remote;

#[monitored(stage = "F-17")]
#[async_trait]
impl Source for Remote {
    async fn read(&self, page: u32) -> Parsed {
        pause().await;
        Ok(page)
    }

    #[monitored(skip)]
    async fn consume(self: Arc<Self>, name: Noisy) -> Noisy {
        name
    }
}

struct Countdown(u32);

impl Future for Countdown {
    type Output = &'static str;

    #[monitored(stage = "F-18")]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.0 == 0 {
            return Poll::Ready("lift-off");
        }
        self.0 -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

trait Named {
    fn name(&self) -> impl Future<Output = String> + Send;
}

impl Named for Memory {
    #[monitored(stage = "F-19")]
    fn name(&self) -> impl Future<Output = String> + Send {
        async move {
            pause().await;
            self.0.concat()
        }
    }
}

pub(crate) fn shapes() -> Vec<Seen> {
    let memory = || Memory(vec!["0", "1", "x"]);
    vec![
        see(
            "first",
            "F-15 read ok page=1 records=1; F-13 first ok",
            || run(memory().first(&[2])),
        ),
        see("count", "F-15 read error page=2; F-14 count ok", || {
            run(memory().count())
        }),
        see("consume_arc", "F-16 consume ok", || {
            run(Arc::new(memory()).consume(Noisy("name")))
        }),
        see("read_remote", "F-17 read ok", || run(Remote.read(7))),
        see("consume_remote", "", || {
            run(Arc::new(Remote).consume(Noisy("name")))
        }),
        see(
            "poll_by_hand",
            "F-18 poll ok; F-18 poll ok; F-18 poll ok",
            || run(Countdown(2)),
        ),
        see("name", "F-19 name ok", || run(memory().name())),
    ]
}
