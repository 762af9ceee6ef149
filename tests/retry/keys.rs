//! Each key, on a sync function and on an async one.

use std::time::Duration;

use monitor_runtime::testing::capture;
use monitor_runtime::{TimedOut, retry};

use crate::watch::{Row, Service, Unavailable, consume, watched};

fn seconds(of: impl IntoIterator<Item = u64>) -> Vec<Duration> {
    of.into_iter().map(Duration::from_secs).collect()
}

#[tokio::test]
async fn a_single_attempt_clones_nothing() {
    #[retry(max = 1)]
    fn once(service: &Service, row: Row) -> Result<u32, Unavailable> {
        consume(row);
        service.call()
    }
    #[retry(max = 1)]
    async fn once_async(service: &Service, row: Row) -> Result<u32, Unavailable> {
        consume(row);
        service.call()
    }
    let (run, service, counts) = watched(9);
    assert_eq!(once(&service, counts.row()), Err(Unavailable(1)));
    let out = once_async(&service, counts.row()).await;
    assert_eq!(out, Err(Unavailable(2)));
    assert_eq!(counts.clones_and_drops(), (0, 2));
    assert_eq!(run.waits().len(), 0);
}

#[tokio::test]
async fn factor_and_max_delay() {
    #[retry(max = 5, delay = 1, factor = 3, max_delay = 20)]
    fn grow(service: &Service) -> Result<u32, Unavailable> {
        service.call()
    }
    #[retry(max = 5, delay = "1s", factor = 3.0, max_delay = "20s")]
    async fn grow_async(service: &Service) -> Result<u32, Unavailable> {
        service.call()
    }
    let run = capture();
    assert_eq!(grow(&Service::failing(9)), Err(Unavailable(5)));
    assert_eq!(grow_async(&Service::failing(4)).await, Ok(5));
    assert_eq!(run.waits(), seconds([3, 9, 20, 20, 3, 9, 20, 20]));
}

#[tokio::test]
async fn jitter() {
    #[retry(max = 4, delay = 1, jitter = "full")]
    fn spread(service: &Service) -> Result<u32, Unavailable> {
        service.call()
    }
    #[retry(max = 4, delay = 1, jitter = "full")]
    async fn spread_async(service: &Service) -> Result<u32, Unavailable> {
        service.call()
    }
    let run = capture();
    run.seed_jitter(7);
    assert_eq!(spread(&Service::failing(9)), Err(Unavailable(4)));
    run.seed_jitter(7);
    assert_eq!(spread_async(&Service::failing(3)).await, Ok(4));
    let waits = run.waits();
    assert_eq!(waits[..3], waits[3..]);
    assert!(
        waits
            .iter()
            .zip(seconds([2, 4, 8]))
            .all(|(wait, most)| *wait <= most)
    );
}

#[derive(Debug, PartialEq)]
enum Error {
    Call(Unavailable),
    Slow(TimedOut),
}

impl From<Unavailable> for Error {
    fn from(error: Unavailable) -> Self {
        Self::Call(error)
    }
}

impl From<TimedOut> for Error {
    fn from(error: TimedOut) -> Self {
        Self::Slow(error)
    }
}

impl Error {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Call(error) if error.is_early())
    }

    /// What the server said.
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Call(Unavailable(n)) => Some(Duration::from_secs(u64::from(*n) + 30)),
            Self::Slow(_) => None,
        }
    }
}

#[tokio::test]
async fn deadline() {
    #[retry(max = 5, delay = 1, deadline = 10)]
    fn until(service: &Service, row: Row) -> Result<u32, Unavailable> {
        let seen = consume(row);
        service.call().map(|n| n + seen)
    }
    #[retry(max = 5, delay = 1, deadline = 10)]
    async fn until_async(service: &Service, row: Row) -> Result<u32, Error> {
        let seen = consume(row);
        Ok(service.call()? + seen)
    }
    let (run, service, counts) = watched(9);
    assert_eq!(until(&service, counts.row()), Err(Unavailable(3)));
    assert_eq!(counts.clones_and_drops(), (3, 4));
    let service = Service::failing(9);
    let error = until_async(&service, counts.row()).await;
    assert_eq!(error, Err(Error::Call(Unavailable(3))));
    assert_eq!(counts.clones_and_drops(), (6, 8));
    assert_eq!(run.waits(), seconds([2, 4, 2, 4]));
    for line in run.events("call.gave_up") {
        assert_eq!(line["data"]["reason"], "deadline");
    }
}

#[tokio::test(start_paused = true)]
async fn attempt_timeout() {
    #[retry(max = 3, delay = 1, attempt_timeout = 5)]
    async fn in_time(service: &Service, row: Row) -> Result<u32, Error> {
        let seen = consume(row);
        if service.call().is_err() {
            std::future::pending::<()>().await;
        }
        Ok(service.calls() + seen)
    }
    #[retry(max = 2, delay = 1, attempt_timeout = 5)]
    async fn in_time_and_changed(
        service: &Service,
        log: &mut Vec<Row>,
        mut row: Row,
    ) -> Result<u32, Error> {
        row.id += 1;
        log.push(row);
        service.call()?;
        std::future::pending().await
    }
    let (run, service, counts) = watched(2);
    assert_eq!(in_time(&service, counts.row()).await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));
    assert_eq!(run.waits(), seconds([2, 4]));

    let (_run, service, counts) = watched(1);
    let mut log = Vec::new();
    let out = in_time_and_changed(&service, &mut log, counts.row()).await;
    assert!(matches!(out, Err(Error::Slow(error)) if !error.is_deadline()));
    assert_eq!(log.iter().map(|row| row.id).collect::<Vec<_>>(), [8, 8]);
    assert_eq!(counts.clones_and_drops(), (2, 1));
}

#[tokio::test]
async fn when() {
    #[retry(max = 5, delay = 1, when = Error::is_transient)]
    fn by_path(service: &Service) -> Result<u32, Error> {
        Ok(service.call()?)
    }
    #[retry(max = 5, delay = 1, when = |error| !matches!(error, Error::Call(Unavailable(2..))))]
    async fn by_closure(service: &Service) -> Result<u32, Error> {
        Ok(service.call()?)
    }
    #[retry(max = 5, delay = 1, when = Error::is_transient)]
    async fn by_path_async((service, _): &(Service, u32)) -> Result<u32, Error> {
        Ok(service.call()?)
    }
    #[retry(max = 5, delay = 1, when = |error: &E| error.to_string().len() < limit)]
    async fn by_bound<E>(service: &Service, limit: usize) -> Result<u32, E>
    where
        E: From<Unavailable> + std::fmt::Display,
    {
        Ok(service.call()?)
    }
    let run = capture();
    let error = || Err(Error::Call(Unavailable(2)));
    assert_eq!(by_path(&Service::failing(9)), error());
    assert_eq!(by_closure(&Service::failing(9)).await, error());
    assert_eq!(by_path_async(&(Service::failing(9), 0)).await, error());
    let service = Service::failing(9);
    assert_eq!(by_bound(&service, 13).await, Err(Unavailable(1)));
    assert_eq!(by_bound(&service, 14).await, Err(Unavailable(6)));
    assert_eq!(run.waits(), seconds([2, 2, 2, 2, 4, 8, 16]));
}

#[tokio::test]
async fn retry_after() {
    #[retry(max = 3, delay = 1, max_delay = "32s", retry_after = Error::retry_after)]
    fn by_path(service: &Service) -> Result<u32, Error> {
        Ok(service.call()?)
    }
    #[retry(max = 3, delay = 1, retry_after = |error| error.retry_after().map(|wait| wait * 2))]
    async fn by_closure(service: &mut Service) -> Result<u32, Error> {
        Ok(service.call()?)
    }
    let run = capture();
    assert_eq!(by_path(&Service::failing(2)), Ok(3));
    assert_eq!(by_closure(&mut Service::failing(2)).await, Ok(3));
    assert_eq!(run.waits(), seconds([31, 32, 62, 64]));
}

#[tokio::test]
async fn budget() {
    #[retry(max = 20, delay = "1ms", max_delay = "2ms", budget = "corpus")]
    fn spend(service: &Service) -> Result<u32, Unavailable> {
        service.call()
    }
    #[retry(max = 20, delay = "1ms", max_delay = "2ms", budget = "corpus")]
    async fn spend_async(service: &Service) -> Result<u32, Unavailable> {
        service.call()
    }
    let run = capture();
    assert_eq!(spend(&Service::failing(99)), Err(Unavailable(11)));
    assert_eq!(
        spend_async(&Service::failing(99)).await,
        Err(Unavailable(1)),
        "both have one budget, which the first has spent"
    );
    for line in run.events("call.gave_up") {
        assert_eq!(line["data"]["budget"], "corpus");
    }
}

#[tokio::test]
async fn allow_long_wait() {
    #[retry(max = 3, delay = "10m", allow_long_wait)]
    fn long(service: &Service) -> Result<u32, Unavailable> {
        service.call()
    }
    #[retry(max = 3, delay = "10m", allow_long_wait)]
    async fn long_async(service: &Service) -> Result<u32, Unavailable> {
        service.call()
    }
    let run = capture();
    assert_eq!(long(&Service::failing(2)), Ok(3));
    assert_eq!(long_async(&Service::failing(2)).await, Ok(3));
    assert_eq!(run.waits(), seconds([1_200, 2_400, 1_200, 2_400]));
}
