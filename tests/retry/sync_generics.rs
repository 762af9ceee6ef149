//! Sync functions with type parameters, constants, lifetimes and `impl Trait`.

use std::borrow::Cow;
use std::fmt::{Debug, Display};

use monitor_runtime::retry;

use crate::watch::{Row, Service, Unavailable, consume, watched};

#[test]
fn types_and_constants() {
    #[retry(max = 3, delay = 1)]
    fn bounded<T: Into<u32> + Clone, E>(service: &Service, value: T) -> Result<u32, E>
    where
        E: From<Unavailable>,
    {
        let by = value.into();
        Ok(service.call()? + by)
    }
    #[retry(max = 3, delay = 1)]
    fn constant<const N: usize>(service: &Service, rows: [Row; N]) -> Result<usize, Unavailable> {
        let seen = rows.into_iter().map(consume).sum::<u32>();
        service.call().map(|n| (n + seen) as usize + N)
    }
    #[retry(max = 3, delay = 1)]
    fn not_clone_but_borrowed<T>(service: &Service, value: T) -> Result<T, Unavailable>
    where
        T: Display + for<'a> From<&'a str>,
    {
        let text = value.to_string();
        service.call().map(|n| T::from(&format!("{text}{n}")))
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(bounded::<_, Unavailable>(&service, 4_u8), Ok(7));
    let service = Service::failing(2);
    assert_eq!(constant(&service, [counts.row(), counts.row()]), Ok(19));
    assert_eq!(counts.clones_and_drops(), (4, 6));
    let service = Service::failing(2);
    assert_eq!(
        not_clone_but_borrowed(&service, "a".to_owned()),
        Ok("a3".to_owned())
    );
}

#[test]
fn lifetimes() {
    #[retry(max = 3, delay = 1)]
    fn explicit<'a, 'b: 'a>(
        service: &Service,
        first: &'a Row,
        second: &'b Row,
    ) -> Result<&'a Row, Unavailable> {
        let n = service.call()?;
        Ok(if n > 2 { second } else { first })
    }
    #[retry(max = 3, delay = 1)]
    fn elided(Lines(lines): Lines<'_>, service: &'static Service) -> Result<usize, Unavailable> {
        service.call().map(|n| n as usize + lines.len())
    }
    #[retry(max = 3, delay = 1)]
    fn of_every_lifetime<F>(service: &Service, text: &str, find: F) -> Result<usize, Unavailable>
    where
        F: for<'a> Fn(&'a str) -> &'a str,
    {
        service.call().map(|n| n as usize + find(text).len())
    }
    #[retry(max = 3, delay = 1)]
    fn borrowed_or_owned<'a>(
        service: &Service,
        text: Cow<'a, str>,
    ) -> Result<Cow<'a, str>, Unavailable> {
        service.call().map(|_| text)
    }
    struct Lines<'a>(&'a [&'a str]);

    let (_run, service, counts) = watched(2);
    let rows = [counts.row(), counts.row()];
    let row = explicit(&service, &rows[0], &rows[1]).expect("the third attempt");
    assert!(std::ptr::eq(row, &raw const rows[1]));
    static SERVICE: Service = Service::failing(2);
    assert_eq!(elided(Lines(&["a", "b"]), &SERVICE), Ok(5));
    let service = Service::failing(2);
    let found = of_every_lifetime(&service, "a b", |text| text.split_at(2).1);
    assert_eq!(found, Ok(4));
    let service = Service::failing(2);
    let text = borrowed_or_owned(&service, Cow::Borrowed("a"));
    assert!(matches!(text, Ok(Cow::Borrowed("a"))));
}

#[test]
fn impl_trait_as_an_argument() {
    #[retry(max = 3, delay = 1)]
    fn consumed(
        service: &Service,
        rows: impl IntoIterator<Item = Row> + Clone,
    ) -> Result<u32, Unavailable> {
        let seen = rows.into_iter().map(consume).sum::<u32>();
        service.call().map(|n| n + seen)
    }
    #[retry(max = 3, delay = 1)]
    fn borrowed(service: &Service, ask: impl Fn(u32) -> u32) -> Result<u32, Unavailable> {
        service.call().map(|n| ask(n) + 1)
    }
    #[retry(max = 3, delay = 1)]
    fn once(service: &Service, ask: impl FnOnce(u32) -> u32 + Clone) -> Result<u32, Unavailable> {
        let n = service.call()?;
        Ok(ask(n))
    }
    #[retry(max = 3, delay = 1)]
    fn changed(service: &Service, log: &mut impl FnMut(u32)) -> Result<u32, Unavailable> {
        log(service.calls());
        service.call()
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(consumed(&service, vec![counts.row(); 2]), Ok(17));
    assert_eq!(counts.clones_and_drops(), (5, 6));

    let (_run, service, counts) = watched(2);
    let row = counts.row();
    let ask = move |n| n + Row::clone(&row).id;
    assert_eq!(borrowed(&service, ask), Ok(11));
    assert_eq!(counts.clones_and_drops(), (1, 2), "the one that it makes");

    let (_run, service, counts) = watched(2);
    let row = counts.row();
    assert_eq!(once(&service, move |n| n + consume(row)), Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let (_run, service, _) = watched(2);
    let mut log = Vec::new();
    assert_eq!(changed(&service, &mut |n| log.push(n)), Ok(3));
    assert_eq!(log, [0, 1, 2]);
}

#[test]
fn impl_trait_in_the_result() {
    #[retry(max = 3, delay = 1)]
    fn iterator(
        service: &Service,
        rows: Vec<Row>,
    ) -> Result<impl Iterator<Item = u32> + use<>, Unavailable> {
        let n = service.call()?;
        Ok(rows.into_iter().map(move |row| row.id + n))
    }
    #[retry(max = 3, delay = 1)]
    fn closure_and_error<'a>(
        service: &Service,
        text: &'a str,
    ) -> Result<impl Fn() -> usize + use<'a>, impl Debug + use<>> {
        let n = service.call()?;
        Ok::<_, Unavailable>(move || text.len() + n as usize)
    }
    let (_run, service, counts) = watched(2);
    let rows = iterator(&service, vec![counts.row()]).expect("the third attempt");
    assert_eq!(rows.collect::<Vec<_>>(), [10]);
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let service = Service::failing(2);
    let length = closure_and_error(&service, "a").expect("the third attempt");
    assert_eq!(length(), 4);
}
