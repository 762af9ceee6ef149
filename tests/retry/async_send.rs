//! Where a retried future may run: on every thread, on one, and without tokio.

use std::cell::Cell;
use std::error::Error;
use std::rc::Rc;
use std::sync::Arc;

use async_trait::async_trait;
use futures_lite::future::{block_on, yield_now as pause};
use monitor_runtime::{monitored, retry};
use tokio::task::{LocalSet, spawn_local, yield_now};

use crate::watch::{Row, Service, Unavailable, consume, watched};

fn is_send<F: Send>(future: F) -> F {
    future
}

/// Not `Send`.
#[derive(Debug, PartialEq)]
struct Local(Rc<u32>);

impl From<Unavailable> for Local {
    fn from(error: Unavailable) -> Self {
        Self(Rc::new(error.0))
    }
}

#[retry(max = 3, delay = 1)]
async fn consumed(service: Arc<Service>, kept: Row, given: Row) -> Result<u32, Unavailable> {
    let seen = consume(given);
    yield_now().await;
    service.call().map(|n| n + seen + kept.id)
}

#[retry(max = 3, delay = 1)]
async fn changed(
    service: &Service,
    log: &mut Vec<u32>,
) -> Result<u32, Box<dyn Error + Send + Sync>> {
    log.push(service.calls());
    yield_now().await;
    Ok(service.call()?)
}

#[retry(max = 3, delay = 1)]
async fn fails_locally(service: Arc<Service>) -> Result<u32, Local> {
    yield_now().await;
    Ok(service.call()?)
}

#[retry(max = 3, delay = 1)]
async fn fails_locally_and_changes(service: &Service, calls: &mut u32) -> Result<u32, Local> {
    *calls += 1;
    yield_now().await;
    Ok(service.call()?)
}

#[retry(max = 3, delay = 1)]
async fn generic<T>(service: Arc<Service>, value: T) -> Result<T, anyhow::Error>
where
    T: Clone + Send + Sync + 'static,
{
    let value = tokio::spawn(async move { value }).await?;
    service.call()?;
    Ok(value)
}

#[monitored(stage = "NBA-17")]
#[retry(max = 3, delay = 1)]
async fn above(service: Arc<Service>, row: Row) -> Result<u32, Box<dyn Error + Send + Sync>> {
    let seen = consume(row);
    yield_now().await;
    Ok(service.call()? + seen)
}

#[retry(max = 3, delay = 1)]
#[monitored(stage = "NBA-18")]
async fn below(service: Arc<Service>, row: Row) -> Result<u32, Box<dyn Error + Send + Sync>> {
    let seen = consume(row);
    yield_now().await;
    Ok(service.call()? + seen)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn futures_that_are_sent_to_other_threads() {
    let (run, _, counts) = watched(0);
    let service = || Arc::new(Service::failing(2));
    let task = consumed(service(), counts.row(), counts.row());
    let out = tokio::spawn(run.in_task(task)).await;
    assert_eq!(out.expect("no panic"), Ok(17));
    assert_eq!(counts.clones_and_drops(), (2, 4));

    let task = run.in_task(async move {
        let mut log = Vec::new();
        let out = changed(&Service::failing(2), &mut log).await;
        (out.map_err(|error| error.to_string()), log)
    });
    let out = tokio::spawn(task).await.expect("no panic");
    assert_eq!(out, (Ok(3), vec![0, 1, 2]));

    let out = tokio::spawn(run.in_task(generic(service(), counts.row()))).await;
    assert!(out.expect("no panic").is_ok_and(|row| row.id == 7));
    assert_eq!(counts.clones_and_drops(), (4, 7));

    let out = tokio::spawn(run.in_task(above(service(), counts.row()))).await;
    assert!(out.expect("no panic").is_ok_and(|n| n == 10));
    let out = tokio::spawn(run.in_task(below(service(), counts.row()))).await;
    assert!(out.expect("no panic").is_ok_and(|n| n == 10));
    assert_eq!(run.waits().len(), 10);
    assert_eq!(run.events("ABOVE_END")[0]["data"]["attempts"], 3);
    assert_eq!(run.events("BELOW_END")[0]["data"]["attempt"], 3);
}

#[tokio::test]
async fn an_error_that_is_not_send_leaves_the_future_send() {
    let (_run, service, _) = watched(9);
    let out = is_send(fails_locally(Arc::new(Service::failing(2)))).await;
    assert_eq!(out, Ok(3));
    let mut calls = 0;
    let out = is_send(fails_locally_and_changes(&service, &mut calls)).await;
    assert_eq!((out, calls), (Err(Local(Rc::new(3))), 3));
}

#[tokio::test]
async fn a_future_that_is_not_send_runs_on_its_thread() {
    #[retry(max = 3, delay = 1)]
    async fn local(service: Rc<Service>, calls: Rc<Cell<u32>>) -> Result<u32, Local> {
        calls.set(calls.get() + 1);
        yield_now().await;
        Ok(service.call()?)
    }
    #[retry(max = 3, delay = 1)]
    async fn local_task(service: &Rc<Service>, row: Row) -> Result<u32, Local> {
        let service = Rc::clone(service);
        let task = spawn_local(async move {
            yield_now().await;
            service.call().map(|n| n + consume(row))
        });
        Ok(task.await.expect("no panic")?)
    }
    let (run, _, counts) = watched(0);
    let service = || Rc::new(Service::failing(2));
    let calls = Rc::new(Cell::new(0));
    let set = LocalSet::new();
    let task = set.spawn_local(local(service(), Rc::clone(&calls)));
    let row = counts.row();
    let other = set.run_until(async { local_task(&service(), row).await });
    assert_eq!(other.await, Ok(10));
    set.await;
    assert_eq!(task.await.expect("no panic"), Ok(3));
    assert_eq!((calls.get(), Rc::strong_count(&calls)), (3, 1));
    assert_eq!(counts.clones_and_drops(), (2, 3));
    assert_eq!(run.waits().len(), 4);
}

#[test]
fn a_future_needs_no_tokio() {
    #[retry(max = 3, delay = 1)]
    async fn alone(service: &Service, mut row: Row) -> Result<u32, Unavailable> {
        row.id += 1;
        pause().await;
        service.call().map(|n| n + row.id)
    }
    #[retry(max = 2, delay = "1ms", attempt_timeout = "1ms")]
    async fn cut_off(service: &Service, row: Row) -> Result<u32, String> {
        let seen = consume(row);
        if service.call().is_err() {
            std::future::pending::<()>().await;
        }
        Ok(service.calls() + seen)
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(block_on(alone(&service, counts.row())), Ok(11));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let (_run, service, counts) = watched(1);
    assert_eq!(block_on(cut_off(&service, counts.row())), Ok(9));
    assert_eq!(counts.clones_and_drops(), (1, 2));
}

#[async_trait]
trait Source: Send + Sync {
    async fn fetch(&self, kept: Row, given: Row) -> Result<u32, Unavailable>;

    #[retry(max = 3, delay = 1)]
    async fn provided(&mut self, mut row: Row) -> Result<u32, Unavailable> {
        row.id += 1;
        self.fetch_once().await.map(|n| n + row.id)
    }

    async fn fetch_once(&mut self) -> Result<u32, Unavailable>;
}

#[async_trait]
impl Source for Service {
    #[retry(max = 3, delay = 1)]
    async fn fetch(&self, kept: Row, given: Row) -> Result<u32, Unavailable> {
        let seen = consume(given);
        yield_now().await;
        self.call().map(|n| n + seen + kept.id)
    }

    async fn fetch_once(&mut self) -> Result<u32, Unavailable> {
        yield_now().await;
        self.call()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn methods_of_async_trait_are_sent_too() {
    let (run, _, counts) = watched(0);
    let source: Arc<dyn Source> = Arc::new(Service::failing(2));
    let (kept, given) = (counts.row(), counts.row());
    let task = run.in_task(async move { source.fetch(kept, given).await });
    assert_eq!(tokio::spawn(task).await.expect("no panic"), Ok(17));
    assert_eq!(counts.clones_and_drops(), (2, 4));

    let mut source: Box<dyn Source> = Box::new(Service::failing(2));
    let row = counts.row();
    let task = run.in_task(async move { source.provided(row).await });
    assert_eq!(tokio::spawn(task).await.expect("no panic"), Ok(11));
    assert_eq!(counts.clones_and_drops(), (5, 8));
    assert_eq!(run.waits().len(), 4);
}
