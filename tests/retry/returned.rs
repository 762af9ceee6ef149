//! Functions that return a future, and methods of `#[async_trait]`.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use monitor_runtime::{monitored, retry, testing};

/// Fails until it is `0`.
fn count_down(left: &AtomicU32) -> Result<u32, String> {
    match left.fetch_sub(1, Ordering::Relaxed) {
        0 => Ok(7),
        n => Err(format!("{n} left")),
    }
}

#[retry(max = 3, delay = 1)]
fn opaque(left: &AtomicU32) -> impl Future<Output = Result<u32, String>> + Send {
    async move { count_down(left) }
}

#[retry(max = 3, delay = 1)]
fn boxed<'a>(
    left: &'a AtomicU32,
    name: String,
) -> Pin<Box<dyn Future<Output = Result<u32, String>> + Send + 'a>> {
    Box::pin(async move {
        assert_eq!(name, "name");
        count_down(left)
    })
}

#[retry(max = 3, delay = 1)]
fn made(left: &AtomicU32, early: bool) -> impl Future<Output = Result<u32, String>> {
    if early {
        return opaque_once(left);
    }
    opaque_once(left)
}

async fn opaque_once(left: &AtomicU32) -> Result<u32, String> {
    count_down(left)
}

#[tokio::test]
async fn a_returned_future_is_retried() {
    let run = testing::capture();
    assert_eq!(opaque(&AtomicU32::new(2)).await, Ok(7));
    assert_eq!(boxed(&AtomicU32::new(2), "name".to_owned()).await, Ok(7));
    assert_eq!(made(&AtomicU32::new(2), true).await, Ok(7));
    assert_eq!(
        made(&AtomicU32::new(3), false).await,
        Err("1 left".to_owned())
    );
    assert_eq!(run.waits().len(), 8);
}

/// Not `Clone`: what is only borrowed must not be cloned.
struct Token(Cell<u32>);

#[async_trait(?Send)]
trait Source {
    async fn fetch(&self, token: Token, mut rows: Vec<u32>) -> Result<Vec<u32>, String>;
    async fn count(&mut self, by: u32, (a, _): (u32, u32)) -> Result<u32, String>;
    async fn both(&self) -> Result<u32, String>;
    async fn each(&self) -> Result<u32, String>;
}

struct Api {
    left: AtomicU32,
    calls: u32,
}

#[async_trait(?Send)]
impl Source for Api {
    #[retry(max = 3, delay = 1)]
    async fn fetch(&self, token: Token, mut rows: Vec<u32>) -> Result<Vec<u32>, String> {
        token.0.set(token.0.get() + 1);
        rows.push(token.0.get());
        count_down(&self.left)?;
        Ok(rows)
    }

    #[retry(max = 3, delay = 1)]
    async fn count(&mut self, by: u32, (a, _): (u32, u32)) -> Result<u32, String> {
        self.calls += by + a;
        count_down(&self.left)?;
        Ok(self.calls)
    }

    #[monitored(stage = "NBA-17")]
    #[retry(max = 3, delay = 1)]
    async fn both(&self) -> Result<u32, String> {
        count_down(&self.left)
    }

    #[retry(max = 3, delay = 1)]
    #[monitored(stage = "NBA-18")]
    async fn each(&self) -> Result<u32, String> {
        count_down(&self.left)
    }
}

#[tokio::test]
async fn a_method_of_async_trait_is_retried_inside() {
    let api = |left| Api {
        left: AtomicU32::new(left),
        calls: 0,
    };
    let run = testing::capture();
    let rows = api(2).fetch(Token(Cell::new(0)), vec![0]).await;
    assert_eq!(
        rows,
        Ok(vec![0, 3]),
        "the vector starts fresh, the token stays one"
    );
    assert_eq!(api(2).count(1, (1, 0)).await, Ok(6));
    assert_eq!(api(2).both().await, Ok(7));
    assert_eq!(api(2).each().await, Ok(7));
    assert_eq!(run.events("BOTH_END").len(), 1);
    assert_eq!(run.events("BOTH_END")[0]["data"]["attempts"], 3);
    assert_eq!(run.events("EACH_ERROR").len(), 2);
    assert_eq!(run.events("EACH_END")[0]["data"]["attempt"], 3);
}
