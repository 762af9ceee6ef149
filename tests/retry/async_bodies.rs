//! What async bodies do and return: leave early, loop, call themselves, fail with every
//! kind of error.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::rc::Rc;

use monitor_runtime::retry;
use tokio::task::yield_now;

use crate::watch::{Row, Service, Unavailable, consume, watched};

type Own<T, E = Unavailable> = Result<T, E>;

#[tokio::test]
async fn a_body_may_be_left_early() {
    #[retry(max = 3, delay = 1)]
    async fn early(service: &Service, text: &str, row: Row) -> Result<u32, Box<dyn Error>> {
        let n = service.call()?;
        if text.is_empty() {
            return Ok(n);
        }
        yield_now().await;
        let by: u32 = text.parse()?;
        let Some(sum) = n.checked_add(by) else {
            return Err("too much".into());
        };
        Ok(sum + consume(row))
    }
    #[retry(max = 3, delay = 1)]
    async fn labelled(service: &Service, rows: &[[u32; 2]]) -> Own<u32> {
        let mut sum = 0;
        'rows: for row in rows {
            for value in row {
                yield_now().await;
                if *value == 3 {
                    continue 'rows;
                }
                sum += value;
                if sum > 100 {
                    break 'rows;
                }
            }
        }
        let n = 'ask: {
            if let Ok(n) = service.call() {
                break 'ask n;
            }
            service.call()?
        };
        Ok(n + sum)
    }
    let (_run, service, counts) = watched(2);
    let out = early(&service, "4", counts.row()).await;
    assert!(out.is_ok_and(|n| n == 14));
    let out = early(&service, "", counts.row()).await;
    assert!(out.is_ok_and(|n| n == 4));
    assert_eq!(counts.clones_and_drops(), (3, 5));
    let out = early(&service, "four", counts.row()).await;
    assert!(out.is_err_and(|error| error.is::<std::num::ParseIntError>()));
    assert_eq!(service.calls(), 7);
    let out = labelled(&Service::failing(4), &[[1, 2], [4, 3]]).await;
    assert_eq!(out, Ok(12));
}

#[tokio::test]
async fn results_and_errors_of_every_kind() {
    #[retry(max = 3, delay = 1)]
    async fn of_io(service: &Service, row: Row) -> io::Result<u32> {
        let seen = consume(row);
        yield_now().await;
        service.call().map(|n| n + seen).map_err(io::Error::other)
    }
    #[retry(max = 3, delay = 1)]
    async fn of_anyhow(service: &Service) -> anyhow::Result<u32> {
        let n = service.call()?;
        yield_now().await;
        anyhow::ensure!(n == 3, "{n} is too late");
        Ok(n)
    }
    #[retry(max = 3, delay = 1)]
    async fn with_its_own(service: &Service) -> Own<u32, String> {
        service.call().map_err(|error| error.to_string())
    }
    #[retry(max = 3, delay = 1)]
    async fn with_the_argument(service: &Service, row: Row) -> Result<Row, Row> {
        yield_now().await;
        match service.call() {
            Ok(_) => Ok(row),
            Err(_) => Err(row),
        }
    }
    #[retry(max = 3, delay = 1)]
    async fn without_size(service: &Service, (): ()) -> Result<(), ()> {
        service.call().map(drop).map_err(drop)
    }
    #[retry(max = 3, delay = 1)]
    async fn with_an_opaque_error(service: &Service) -> Result<u32, Opaque> {
        Ok(service.call()?)
    }
    let (_run, service, counts) = watched(2);
    let out = of_io(&service, counts.row()).await;
    assert!(out.is_ok_and(|n| n == 10));
    assert_eq!(counts.clones_and_drops(), (2, 3));
    let error = of_anyhow(&Service::failing(3)).await;
    assert_eq!(error.expect_err("too often").to_string(), "call 3 failed");
    let error = with_its_own(&Service::failing(9)).await;
    assert_eq!(error, Err("call 3 failed".to_owned()));

    let (run, service, counts) = watched(9);
    let row = with_the_argument(&service, counts.row()).await;
    let row = row.expect_err("no attempt is left");
    assert_eq!((row.id, counts.clones_and_drops()), (7, (2, 2)));
    assert_eq!(without_size(&service, ()).await, Err(()));
    let error = with_an_opaque_error(&service).await.err();
    assert!(error.is_some_and(|error| *error.0 == 9));
    assert_eq!(run.waits().len(), 6);
}

/// Neither `Clone` nor `Debug` nor `Send`.
struct Opaque(Rc<u32>);

impl From<Unavailable> for Opaque {
    fn from(error: Unavailable) -> Self {
        Self(Rc::new(error.0))
    }
}

#[tokio::test]
async fn a_function_may_call_itself() {
    #[retry(max = 2, delay = 1)]
    async fn recursive(service: &Service, depth: u32, row: Row) -> Result<u32, Unavailable> {
        if depth == 0 {
            return service.call();
        }
        Box::pin(recursive(service, depth - 1, row)).await
    }
    #[retry(max = 2, delay = 1)]
    fn in_a_box<'a>(
        service: &'a Service,
        depth: u32,
        row: &'a Row,
    ) -> Pin<Box<dyn Future<Output = Result<u32, Unavailable>> + 'a>> {
        Box::pin(async move {
            match depth {
                0 => service.call().map(|n| n + row.id),
                _ => in_a_box(service, depth - 1, row).await,
            }
        })
    }
    let (_run, service, counts) = watched(5);
    assert_eq!(recursive(&service, 2, counts.row()).await, Ok(6));
    let (clones, drops) = counts.clones_and_drops();
    assert_eq!((service.calls(), drops), (6, clones + 1));

    let service = Service::failing(5);
    assert_eq!(in_a_box(&service, 2, &counts.row()).await, Ok(13));
    assert_eq!(service.calls(), 6);
}

#[tokio::test]
async fn a_body_may_hold_items_blocks_and_closures() {
    #[retry(max = 3, delay = 1)]
    async fn with_items(service: &Service, rows: &[Row]) -> Result<u32, Unavailable> {
        const BY: u32 = 4;
        struct Sum(u32);
        #[retry(max = 2, delay = 1)]
        async fn inner(service: &Service) -> Result<u32, Unavailable> {
            service.call()
        }
        let mut sum = Sum(BY);
        let mut add = |row: &Row| sum.0 += row.id;
        rows.iter().for_each(&mut add);
        let block = async {
            let n = inner(service).await?;
            Ok::<_, Unavailable>(n + 1)
        };
        let ask = async |by: u32| inner(service).await.map(|n| n + by);
        let n = block.await?;
        Ok(n + ask(1).await? + sum.0)
    }
    let (run, service, counts) = watched(3);
    let rows = [counts.row(), counts.row()];
    assert_eq!(with_items(&service, &rows).await, Ok(29));
    assert_eq!((service.calls(), run.waits().len()), (5, 3));
}
