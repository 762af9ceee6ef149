//! What attempts of a returned future are given: of an async block at the end of the body,
//! which is tried again alone, and of a future that the body makes anew each time.

use std::io;
use std::pin::Pin;
use std::sync::Arc;

use monitor_runtime::retry;
use tokio::task::yield_now;

use crate::watch::{Row, Service, Unavailable, consume, watched};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// As in the crate `futures`.
type BoxFuture<'a, T> = Boxed<'a, T>;

async fn ask(service: &Service, row: Row) -> Result<u32, Unavailable> {
    let seen = consume(row);
    yield_now().await;
    service.call().map(|n| n + seen)
}

#[tokio::test]
async fn an_async_block_at_the_end() {
    #[retry(max = 3, delay = 1)]
    fn opaque(
        service: Arc<Service>,
        kept: Row,
        given: Row,
    ) -> impl Future<Output = Result<u32, Unavailable>> + Send + 'static {
        async move {
            let n = ask(&service, given).await?;
            Ok(n + kept.id)
        }
    }
    #[retry(max = 3, delay = 1)]
    fn boxed(service: &Service, row: Row) -> Boxed<'_, Result<u32, Unavailable>> {
        Box::pin(async move { ask(service, row).await })
    }
    #[retry(max = 3, delay = 1)]
    fn by_mutable_reference<'a>(
        service: &'a Service,
        log: &'a mut Vec<u32>,
    ) -> impl Future<Output = Result<u32, Unavailable>> + Send + 'a {
        async move {
            log.push(service.calls());
            yield_now().await;
            service.call()
        }
    }
    let (_run, service, counts) = watched(2);
    let out = opaque(Arc::new(service), counts.row(), counts.row());
    assert_eq!(out.await, Ok(17));
    assert_eq!(counts.clones_and_drops(), (2, 4));

    let (_run, service, counts) = watched(2);
    assert_eq!(boxed(&service, counts.row()).await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let (_run, service, _) = watched(2);
    let mut log = Vec::new();
    assert_eq!(by_mutable_reference(&service, &mut log).await, Ok(3));
    assert_eq!(log, [0, 1, 2]);
}

#[tokio::test]
async fn what_stands_before_the_block_is_done_once() {
    #[retry(max = 3, delay = 1)]
    fn once(
        service: &Service,
        row: Row,
    ) -> impl Future<Output = Result<u32, Unavailable>> + use<'_> {
        let seen = consume(row);
        async move { service.call().map(|n| n + seen) }
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(once(&service, counts.row()).await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (0, 1));
}

#[tokio::test]
async fn a_future_of_another_function() {
    #[retry(max = 3, delay = 1)]
    fn opaque(
        service: &Service,
        mut row: Row,
        early: bool,
    ) -> impl Future<Output = Result<u32, Unavailable>> + Send {
        row.id += 1;
        if early {
            return ask(service, row);
        }
        ask(service, row)
    }
    #[retry(max = 3, delay = 1)]
    fn boxed<'a>(
        service: &'a Service,
        row: Row,
        early: bool,
    ) -> Pin<Box<dyn Future<Output = Result<u32, Unavailable>> + Send + 'a>> {
        if early {
            return Box::pin(async move { ask(service, row).await });
        }
        Box::pin(ask(service, row))
    }
    for early in [true, false] {
        let (_run, service, counts) = watched(2);
        assert_eq!(opaque(&service, counts.row(), early).await, Ok(11));
        assert_eq!(counts.clones_and_drops(), (2, 3));

        let (_run, service, counts) = watched(2);
        assert_eq!(boxed(&service, counts.row(), early).await, Ok(10));
        assert_eq!(counts.clones_and_drops(), (2, 3));
    }
}

#[tokio::test]
async fn with_limits_and_conditions() {
    #[retry(max = 3, delay = 1, attempt_timeout = 5, deadline = 60)]
    fn opaque(
        service: &Service,
        row: Row,
    ) -> impl Future<Output = io::Result<u32>> + Send + use<'_> {
        async move { ask(service, row).await.map_err(io::Error::other) }
    }
    #[retry(max = 9, delay = 1, deadline = 60, when = Failure::is_early)]
    fn boxed<'a>(service: &'a Service, row: Row) -> BoxFuture<'a, Result<u32, Failure>> {
        let asked = ask(service, row);
        Box::pin(futures_lite::FutureExt::or(
            async { asked.await.map_err(Failure) },
            std::future::pending(),
        ))
    }
    let (_run, service, counts) = watched(2);
    let out = opaque(&service, counts.row()).await;
    assert!(out.is_ok_and(|n| n == 10));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let (_run, service, counts) = watched(9);
    let error = boxed(&service, counts.row()).await;
    assert!(error.is_err_and(|error| error.0 == Unavailable(2)));
    assert_eq!(counts.clones_and_drops(), (2, 3));
}

struct Failure(Unavailable);

impl Failure {
    fn is_early(&self) -> bool {
        self.0.is_early()
    }
}

impl From<monitor_runtime::TimedOut> for Failure {
    fn from(_: monitor_runtime::TimedOut) -> Self {
        Self(Unavailable(0))
    }
}

trait Source {
    fn service(&self) -> &Service;

    #[retry(max = 3, delay = 1)]
    fn provided(&self, row: Row) -> impl Future<Output = Result<u32, Unavailable>> + Send
    where
        Self: Sync,
    {
        async move { ask(self.service(), row).await }
    }

    fn required(&mut self) -> impl Future<Output = Result<u32, Unavailable>> + Send;

    fn boxed(&mut self) -> Boxed<'_, Result<u32, Unavailable>>;
}

struct Api {
    service: Service,
    requests: u32,
}

impl Source for Api {
    fn service(&self) -> &Service {
        &self.service
    }

    #[retry(max = 3, delay = 1)]
    async fn required(&mut self) -> Result<u32, Unavailable> {
        self.requests += 1;
        yield_now().await;
        self.service.call()
    }

    #[retry(max = 3, delay = 1)]
    fn boxed(&mut self) -> Boxed<'_, Result<u32, Unavailable>> {
        Box::pin(async move {
            self.requests += 1;
            yield_now().await;
            self.service.call()
        })
    }
}

#[tokio::test]
async fn methods_of_a_trait_that_return_a_future() {
    let (_run, service, counts) = watched(2);
    let mut api = Api {
        service,
        requests: 0,
    };
    assert_eq!(api.provided(counts.row()).await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));
    api.service = Service::failing(2);
    assert_eq!(api.required().await, Ok(3));
    api.service = Service::failing(2);
    assert_eq!(api.boxed().await, Ok(3));
    assert_eq!(api.requests, 6);
}
