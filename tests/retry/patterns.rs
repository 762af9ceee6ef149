//! Arguments that a pattern takes apart, and what the body takes of them.

use monitor_runtime::retry;

use crate::watch::{Page, Row, Service, Unavailable, consume, watched};

#[test]
fn patterns_bind_anew_what_they_take_apart() {
    #[retry(max = 3, delay = 1)]
    fn tuple(service: &Service, (row, by): (Row, u32)) -> Result<u32, Unavailable> {
        service.call().map(|n| n + row.id + by)
    }
    #[retry(max = 3, delay = 1)]
    fn fields(
        service: &Service,
        Page {
            row,
            number: mut by,
        }: Page,
    ) -> Result<u32, Unavailable> {
        by += consume(row);
        service.call().map(|n| n + by)
    }
    #[retry(max = 3, delay = 1)]
    fn nested(
        service: &Service,
        (Page { mut row, .. }, [first, .., mut last]): (Page, [u32; 3]),
    ) -> Result<u32, Unavailable> {
        row.id += 1;
        last += first;
        service.call().map(|n| n + row.id + last)
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(tuple(&service, (counts.row(), 4)), Ok(14));
    assert_eq!(counts.clones_and_drops(), (0, 1));

    let (_run, service, counts) = watched(2);
    let row = counts.row();
    assert_eq!(fields(&service, Page { row, number: 4 }), Ok(14));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let (_run, service, counts) = watched(2);
    let page = Page {
        row: counts.row(),
        number: 4,
    };
    assert_eq!(nested(&service, (page, [1, 2, 3])), Ok(15));
    assert_eq!(counts.clones_and_drops(), (2, 3));
}

#[test]
fn what_has_no_name_is_dropped_once() {
    #[retry(max = 3, delay = 1)]
    fn unnamed(service: &Service, _: Row, _kept: Row) -> Result<u32, Unavailable> {
        service.call()
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(unnamed(&service, counts.row(), counts.row()), Ok(3));
    assert_eq!(counts.clones_and_drops(), (0, 2));
}

#[test]
fn patterns_of_references_lend_their_parts() {
    #[retry(max = 3, delay = 1)]
    fn references(
        service: &Service,
        &[first, ref rest @ ..]: &[u32; 3],
        [row, ..]: &[Row; 2],
        &Page {
            row: ref other,
            number,
        }: &Page,
    ) -> Result<usize, Unavailable> {
        let sum = first + number + row.id + other.id;
        service.call().map(|n| (n + sum) as usize + rest.len())
    }
    let (_run, service, counts) = watched(2);
    let (rows, page) = (
        [counts.row(), counts.row()],
        Page {
            row: counts.row(),
            number: 4,
        },
    );
    assert_eq!(references(&service, &[1, 2, 3], &rows, &page), Ok(24));
    assert_eq!(counts.clones_and_drops(), (0, 0));
}

#[tokio::test]
async fn patterns_of_mutable_references() {
    #[retry(max = 3, delay = 1)]
    fn parts(service: &Service, (log, by): &mut (Vec<u32>, u32)) -> Result<u32, Unavailable> {
        log.push(*by);
        *by += 1;
        service.call()
    }
    #[retry(max = 3, delay = 1)]
    async fn fields(
        service: &Service,
        Page { row, number }: &mut Page,
    ) -> Result<u32, Unavailable> {
        row.id += 1;
        *number += row.id;
        service.call()
    }
    #[retry(max = 3, delay = 1)]
    async fn by_ref_mut(
        service: &Service,
        &mut ref mut log: &mut Vec<u32>,
    ) -> Result<u32, Unavailable> {
        log.push(service.calls());
        service.call()
    }
    let (_run, service, counts) = watched(2);
    let mut log = (Vec::new(), 1);
    assert_eq!(parts(&service, &mut log), Ok(3));
    assert_eq!(log, (vec![1, 2, 3], 4));

    let service = Service::failing(2);
    let mut page = Page {
        row: counts.row(),
        number: 0,
    };
    assert_eq!(fields(&service, &mut page).await, Ok(3));
    assert_eq!((page.row.id, page.number), (10, 27));

    let service = Service::failing(2);
    assert_eq!(by_ref_mut(&service, &mut log.0).await, Ok(3));
    assert_eq!(log.0, [1, 2, 3, 0, 1, 2]);
}

#[tokio::test]
async fn patterns_of_shared_references_and_by_reference() {
    #[retry(max = 3, delay = 1)]
    fn copied(service: &Service, &(mut by, _): &(u32, Row)) -> Result<u32, Unavailable> {
        by += 1;
        service.call().map(|n| n + by)
    }
    #[retry(max = 3, delay = 1)]
    fn whole(service: &Service, page @ Page { number, .. }: &Page) -> Result<u32, Unavailable> {
        service.call().map(|n| n + number + page.row.id)
    }
    #[retry(max = 3, delay = 1)]
    #[allow(clippy::toplevel_ref_arg, reason = "a form of the pattern")]
    async fn by_ref(service: &Service, ref row: Row) -> Result<u32, Unavailable> {
        service.call().map(|n| n + row.id)
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(copied(&service, &(1, counts.row())), Ok(5));
    let service = Service::failing(2);
    let page = Page {
        row: counts.row(),
        number: 1,
    };
    assert_eq!(whole(&service, &page), Ok(11));
    let service = Service::failing(2);
    assert_eq!(by_ref(&service, counts.row()).await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (0, 2));
}

#[tokio::test]
async fn what_an_option_holds_is_cloned_where_the_body_takes_it() {
    #[retry(max = 3, delay = 1)]
    fn mapped(service: &Service, row: Option<Row>) -> Result<u32, Unavailable> {
        let seen = row.map_or(0, consume);
        service.call().map(|n| n + seen)
    }
    #[retry(max = 3, delay = 1)]
    async fn matched(service: &Service, row: Option<Row>) -> Result<u32, Unavailable> {
        match row {
            Some(row) => service.call().map(|n| n + consume(row)),
            None => service.call(),
        }
    }
    #[retry(max = 3, delay = 1)]
    async fn lent(service: &Service, row: Option<Row>) -> Result<u32, Unavailable> {
        match &row {
            Some(row) => service.call().map(|n| n + row.id),
            None => service.call(),
        }
    }
    #[retry(max = 3, delay = 1)]
    fn copied_from(service: &Service, row: Option<Row>) -> Result<u32, Unavailable> {
        if let Some(Row { id, .. }) = row {
            return service.call().map(|n| n + id);
        }
        service.call()
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(mapped(&service, Some(counts.row())), Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));
    let service = Service::failing(2);
    assert_eq!(matched(&service, Some(counts.row())).await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (4, 6));
    let service = Service::failing(2);
    assert_eq!(lent(&service, Some(counts.row())).await, Ok(10));
    let service = Service::failing(2);
    assert_eq!(copied_from(&service, Some(counts.row())), Ok(10));
    assert_eq!(counts.clones_and_drops(), (4, 8));
}
