//! Functions that return a future without being `async`: the call is what the future
//! does.

use std::future::Future;
use std::pin::Pin;

use async_trait::async_trait;
use monitor_runtime::{monitored, testing};

type Error = std::num::ParseIntError;

#[monitored(stage = "F-1", event = "PLAIN", records = |rows| rows.len(), fields(text))]
fn plain(text: &str) -> impl Future<Output = Result<Vec<u32>, Error>> + Send {
    let parts: Vec<String> = text.split(',').map(str::to_owned).collect();
    async move {
        let mut rows = Vec::new();
        for part in parts {
            tokio::task::yield_now().await;
            rows.push(part.parse()?);
        }
        Ok(rows)
    }
}

#[monitored(stage = "F-1", event = "BOXED")]
fn boxed(fail: bool) -> Pin<Box<dyn Future<Output = Result<u32, Error>> + Send>> {
    Box::pin(async move {
        if fail {
            return "x".parse();
        }
        let number: u32 = "7".parse()?;
        Ok(number)
    })
}

#[async_trait]
trait Source {
    async fn read(&self, page: u32) -> Result<Vec<u32>, Error>;

    #[monitored(stage = "F-2", event = "DEFAULT")]
    async fn first(&self) -> Result<Vec<u32>, Error> {
        self.read(1).await
    }
}

struct Memory(Vec<u32>);

#[async_trait]
impl Source for Memory {
    #[monitored(stage = "F-2", event = "READING", records = |rows| rows.len(), fields(page))]
    async fn read(&self, page: u32) -> Result<Vec<u32>, Error> {
        tokio::task::yield_now().await;
        if page > 1 {
            return Err("page".parse::<u32>().unwrap_err());
        }
        Ok(self.0.clone())
    }
}

#[tokio::test]
async fn the_call_is_what_the_future_does_not_the_making_of_it() {
    let run = testing::capture();
    let made = plain("1,2,3");
    assert!(run.lines().is_empty(), "nothing was called yet");
    assert_eq!(made.await.unwrap(), [1, 2, 3]);
    assert_eq!(run.events("PLAIN_END")[0]["data"]["records"], 3);
    assert!(plain("1,x").await.is_err());
    assert_eq!(run.events("PLAIN_ERROR").len(), 1);
    assert_eq!(boxed(false).await, Ok(7));
    assert!(boxed(true).await.is_err());
    let totals = &run.snapshot().stages[0].totals;
    assert_eq!((totals.ok, totals.error), (2, 2));
}

#[tokio::test]
async fn methods_of_async_trait_are_monitored_as_async_functions() {
    let run = testing::capture();
    let source: Box<dyn Source + Send + Sync> = Box::new(Memory(vec![1, 2]));
    assert_eq!(source.first().await.unwrap(), [1, 2]);
    assert!(source.read(2).await.is_err());
    let end = &run.events("READING_END")[0];
    assert_eq!(end["data"]["records"], 2);
    assert_eq!(end["data"]["page"], 1);
    assert_eq!(
        end["parent_span_id"],
        run.events("DEFAULT_START")[0]["span_id"]
    );
    assert_eq!(run.events("READING_ERROR").len(), 1);
}
