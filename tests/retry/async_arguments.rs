//! What attempts of async functions are given.

use futures_lite::future::poll_once;
use monitor_runtime::retry;
use tokio::task::yield_now;

use crate::watch::{Page, Row, Service, Unavailable, consume, watched};

#[tokio::test]
async fn what_is_only_borrowed_stays_one_thing() {
    #[retry(max = 3, delay = 1)]
    async fn borrow(service: &Service, row: Row) -> Result<u32, Unavailable> {
        let seen = &row;
        yield_now().await;
        service.call().map(|n| n + seen.id)
    }
    let (run, service, counts) = watched(2);
    assert_eq!(borrow(&service, counts.row()).await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (0, 1));
    assert_eq!((service.calls(), run.waits().len()), (3, 2));
}

#[tokio::test]
async fn only_what_is_consumed_is_cloned_and_not_for_the_last_attempt() {
    #[retry(max = 3, delay = 1)]
    async fn one_of_two(service: &Service, kept: Row, given: Row) -> Result<u32, Unavailable> {
        let seen = consume(given);
        yield_now().await;
        service.call().map(|n| n + seen + kept.id)
    }
    #[retry(max = 3, delay = 1)]
    async fn late(service: &Service, row: Row) -> Result<u32, Unavailable> {
        let n = service.call()?;
        yield_now().await;
        Ok(n + consume(row))
    }
    let (_run, service, counts) = watched(9);
    assert_eq!(
        one_of_two(&service, counts.row(), counts.row()).await,
        Err(Unavailable(3))
    );
    assert_eq!(counts.clones_and_drops(), (2, 4));

    let (_run, service, counts) = watched(1);
    assert_eq!(late(&service, counts.row()).await, Ok(9));
    assert_eq!(counts.clones_and_drops(), (2, 3));
}

#[tokio::test]
async fn a_future_that_is_never_polled_drops_its_arguments_once() {
    #[retry(max = 3, delay = 1)]
    async fn never(service: &Service, kept: Row, given: Row) -> Result<u32, Unavailable> {
        let seen = consume(given);
        service.call().map(|n| n + seen + kept.id)
    }
    let (run, service, counts) = watched(9);
    drop(never(&service, counts.row(), counts.row()));
    assert_eq!(counts.clones_and_drops(), (0, 2));
    assert_eq!((service.calls(), run.lines().len()), (0, 0));
}

#[tokio::test]
async fn a_future_that_is_dropped_in_an_attempt_drops_what_all_attempts_were_given() {
    #[retry(max = 3, delay = 1)]
    async fn stuck(service: &Service, kept: Row, given: Row) -> Result<u32, Unavailable> {
        let seen = given;
        service.call()?;
        std::future::pending::<()>().await;
        Ok(seen.id + kept.id)
    }
    let (run, service, counts) = watched(1);
    let mut future = Box::pin(stuck(&service, counts.row(), counts.row()));
    assert!(poll_once(&mut future).await.is_none());
    assert_eq!(counts.clones_and_drops(), (2, 1));
    drop(future);
    assert_eq!(counts.clones_and_drops(), (2, 4));
    assert_eq!((service.calls(), run.waits().len()), (2, 1));
}

#[tokio::test]
async fn an_argument_may_be_moved_into_a_closure_a_struct_or_a_task() {
    #[retry(max = 3, delay = 1)]
    async fn into_closure(service: &Service, row: Row) -> Result<u32, Unavailable> {
        let later = move || consume(row);
        yield_now().await;
        service.call().map(|n| n + later())
    }
    #[retry(max = 3, delay = 1)]
    async fn into_struct(service: &Service, row: Row, number: u32) -> Result<Page, Unavailable> {
        let page = Page { row, number };
        service.call()?;
        Ok(page)
    }
    #[retry(max = 3, delay = 1)]
    async fn into_task(service: &Service, row: Row) -> Result<u32, Unavailable> {
        let task = tokio::spawn(async move { consume(row) });
        let seen = task.await.expect("no panic");
        service.call().map(|n| n + seen)
    }
    #[retry(max = 3, delay = 1)]
    async fn into_block(service: &Service, row: Row) -> Result<u32, Unavailable> {
        let seen = async { consume(row) };
        let (seen, n) = tokio::join!(seen, async { service.call() });
        n.map(|n| n + seen)
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(into_closure(&service, counts.row()).await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let (_run, service, counts) = watched(2);
    let page = into_struct(&service, counts.row(), 4).await;
    let page = page.expect("the third attempt");
    assert_eq!((page.row.id, page.number), (7, 4));
    assert_eq!(counts.clones_and_drops(), (2, 2));

    let (_run, service, counts) = watched(2);
    assert_eq!(into_task(&service, counts.row()).await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let (_run, service, counts) = watched(2);
    assert_eq!(into_block(&service, counts.row()).await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));
}

#[tokio::test]
async fn patterns_bind_anew_what_they_take_apart() {
    #[retry(max = 3, delay = 1)]
    async fn tuple(service: &Service, (row, by): (Row, u32)) -> Result<u32, Unavailable> {
        yield_now().await;
        service.call().map(|n| n + row.id + by)
    }
    #[retry(max = 3, delay = 1)]
    async fn nested(
        service: &Service,
        (Page { mut row, number }, [first, .., mut last]): (Page, [u32; 3]),
        _: Row,
    ) -> Result<u32, Unavailable> {
        row.id += number;
        last += first;
        yield_now().await;
        service.call().map(|n| n + row.id + last)
    }
    #[retry(max = 3, delay = 1)]
    async fn references(
        service: &Service,
        &[first, ref rest @ ..]: &[u32; 3],
        [row, ..]: &[Row; 2],
    ) -> Result<usize, Unavailable> {
        yield_now().await;
        let sum = first + row.id;
        service.call().map(|n| (n + sum) as usize + rest.len())
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(tuple(&service, (counts.row(), 4)).await, Ok(14));
    assert_eq!(counts.clones_and_drops(), (0, 1));

    let (_run, service, counts) = watched(2);
    let page = Page {
        row: counts.row(),
        number: 1,
    };
    let out = nested(&service, (page, [1, 2, 3]), counts.row()).await;
    assert_eq!(out, Ok(15));
    assert_eq!(counts.clones_and_drops(), (2, 4));

    let (_run, service, counts) = watched(2);
    let rows = [counts.row(), counts.row()];
    assert_eq!(references(&service, &[1, 2, 3], &rows).await, Ok(13));
    assert_eq!(counts.clones_and_drops(), (0, 0));
}

#[tokio::test]
async fn changes_stay_through_references_alone() {
    #[retry(max = 3, delay = 1)]
    async fn own(
        service: &Service,
        mut row: Row,
        #[cfg(any())] absent: NoSuchType,
        #[cfg(test)] mut by: u32,
    ) -> Result<u32, Unavailable> {
        row.id += 1;
        by += row.id;
        yield_now().await;
        service.call().map(|n| n + by)
    }
    #[retry(max = 3, delay = 1)]
    async fn lent(service: &Service, log: &mut Vec<u32>, row: Row) -> Result<u32, Unavailable> {
        log.push(row.id + log.len() as u32);
        yield_now().await;
        service.call()
    }
    #[retry(max = 3, delay = 1, clone(row))]
    async fn lent_and_cloned(
        service: &Service,
        log: &mut Vec<Row>,
        row: Row,
        mut by: u32,
    ) -> Result<u32, Unavailable> {
        by += 1;
        log.push(row);
        yield_now().await;
        service.call().map(|n| n + by)
    }
    #[retry(max = 3, delay = 1)]
    async fn move_on(service: &Service, mut rows: &mut [u32]) -> Result<u32, Unavailable> {
        while let [first, rest @ ..] = rows {
            *first += 1;
            yield_now().await;
            rows = rest;
        }
        service.call()
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(own(&service, counts.row(), 1).await, Ok(12));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let (_run, service, counts) = watched(2);
    let mut log = Vec::new();
    assert_eq!(lent(&service, &mut log, counts.row()).await, Ok(3));
    assert_eq!((log, counts.clones_and_drops()), (vec![7, 8, 9], (0, 1)));

    let (_run, service, counts) = watched(2);
    let mut log = Vec::new();
    let out = lent_and_cloned(&service, &mut log, counts.row(), 4).await;
    assert_eq!((out, log.len()), (Ok(8), 3));
    assert_eq!(counts.clones_and_drops(), (3, 1));

    let (_run, service, _) = watched(2);
    let mut rows = [1, 2];
    assert_eq!(move_on(&service, &mut rows).await, Ok(3));
    assert_eq!(rows, [4, 5]);
}
