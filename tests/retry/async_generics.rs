//! Async functions with type parameters, constants, lifetimes, `impl Trait` and `dyn`.

use std::fmt::{Debug, Display};

use monitor_runtime::retry;
use tokio::task::yield_now;

use crate::watch::{Row, Service, Unavailable, consume, watched};

#[tokio::test]
async fn types_and_constants() {
    #[retry(max = 3, delay = 1)]
    async fn bounded<T, E>(service: &Service, value: T) -> Result<u32, E>
    where
        T: Into<u32> + Clone,
        E: From<Unavailable>,
    {
        let by = value.into();
        yield_now().await;
        Ok(service.call()? + by)
    }
    #[retry(max = 3, delay = 1)]
    async fn constant<const N: usize>(
        service: &Service,
        rows: [Row; N],
    ) -> Result<usize, Unavailable> {
        let seen = rows.into_iter().map(consume).sum::<u32>();
        yield_now().await;
        service.call().map(|n| (n + seen) as usize + N)
    }
    #[retry(max = 3, delay = 1)]
    async fn not_clone_but_borrowed<T>(service: &Service, value: T) -> Result<T, Unavailable>
    where
        T: Display + for<'a> From<&'a str>,
    {
        let text = value.to_string();
        yield_now().await;
        service.call().map(|n| T::from(&format!("{text}{n}")))
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(bounded::<_, Unavailable>(&service, 4_u8).await, Ok(7));
    let service = Service::failing(2);
    let rows = [counts.row(), counts.row()];
    assert_eq!(constant(&service, rows).await, Ok(19));
    assert_eq!(counts.clones_and_drops(), (4, 6));
    let service = Service::failing(2);
    let text = not_clone_but_borrowed(&service, "a".to_owned()).await;
    assert_eq!(text, Ok("a3".to_owned()));
}

#[tokio::test]
async fn lifetimes() {
    struct Lines<'a>(&'a [&'a str]);

    #[retry(max = 3, delay = 1)]
    async fn explicit<'a, 'b: 'a>(
        service: &Service,
        first: &'a Row,
        second: &'b Row,
    ) -> Result<&'a Row, Unavailable> {
        yield_now().await;
        let n = service.call()?;
        Ok(if n > 2 { second } else { first })
    }
    #[retry(max = 3, delay = 1)]
    async fn elided(
        Lines(lines): Lines<'_>,
        service: &'static Service,
    ) -> Result<usize, Unavailable> {
        yield_now().await;
        service.call().map(|n| n as usize + lines.len())
    }
    #[retry(max = 3, delay = 1)]
    async fn of_every_lifetime<F>(
        service: &Service,
        text: &str,
        find: F,
    ) -> Result<usize, Unavailable>
    where
        F: for<'a> Fn(&'a str) -> &'a str,
    {
        yield_now().await;
        service.call().map(|n| n as usize + find(text).len())
    }
    let (_run, service, counts) = watched(2);
    let rows = [counts.row(), counts.row()];
    let row = explicit(&service, &rows[0], &rows[1]).await;
    assert!(row.is_ok_and(|row| std::ptr::eq(row, &raw const rows[1])));
    static SERVICE: Service = Service::failing(2);
    assert_eq!(elided(Lines(&["a", "b"]), &SERVICE).await, Ok(5));
    let service = Service::failing(2);
    let found = of_every_lifetime(&service, "a b", |text| text.split_at(2).1);
    assert_eq!(found.await, Ok(4));
}

#[tokio::test]
async fn impl_trait_and_dyn_as_arguments() {
    #[retry(max = 3, delay = 1)]
    async fn consumed(
        service: &Service,
        rows: impl IntoIterator<Item = Row> + Clone,
    ) -> Result<u32, Unavailable> {
        let seen = rows.into_iter().map(consume).sum::<u32>();
        yield_now().await;
        service.call().map(|n| n + seen)
    }
    #[retry(max = 3, delay = 1)]
    async fn asked(
        service: &Service,
        ask: impl AsyncFn(u32) -> u32,
        by: &dyn Fn() -> u32,
    ) -> Result<u32, Unavailable> {
        let n = service.call()?;
        Ok(ask(n).await + by())
    }
    #[retry(max = 3, delay = 1)]
    async fn logged(
        service: &Service,
        log: &mut dyn FnMut(u32),
        boxed: Box<dyn Fn() -> u32>,
    ) -> Result<u32, Unavailable> {
        log(boxed() + service.calls());
        yield_now().await;
        service.call()
    }
    let (_run, service, counts) = watched(2);
    let out = consumed(&service, vec![counts.row(); 2]).await;
    assert_eq!((out, counts.clones_and_drops()), (Ok(17), (5, 6)));

    let (_run, service, _) = watched(2);
    let ask = async |n| {
        yield_now().await;
        n + 1
    };
    assert_eq!(asked(&service, ask, &|| 4).await, Ok(8));

    let (_run, service, _) = watched(2);
    let mut log = Vec::new();
    let out = logged(&service, &mut |n| log.push(n), Box::new(|| 4)).await;
    assert_eq!((out, log), (Ok(3), vec![4, 5, 6]));
}

#[tokio::test]
async fn impl_trait_in_the_result() {
    #[retry(max = 3, delay = 1)]
    async fn iterator(
        service: &Service,
        rows: Vec<Row>,
    ) -> Result<impl Iterator<Item = u32>, Unavailable> {
        let n = service.call()?;
        yield_now().await;
        Ok(rows.into_iter().map(move |row| row.id + n))
    }
    #[retry(max = 3, delay = 1)]
    async fn closure_and_error(
        service: &Service,
        text: &str,
    ) -> Result<impl Fn() -> usize, impl Debug> {
        let n = service.call()?;
        yield_now().await;
        Ok::<_, Unavailable>(move || text.len() + n as usize)
    }
    let (_run, service, counts) = watched(2);
    let rows = iterator(&service, vec![counts.row()]).await;
    let rows = rows.expect("the third attempt").collect::<Vec<_>>();
    assert_eq!((rows, counts.clones_and_drops()), (vec![10], (2, 3)));

    let service = Service::failing(2);
    let length = closure_and_error(&service, "a").await;
    assert_eq!(length.expect("the third attempt")(), 4);
}
