//! What attempts of sync functions are given.

use monitor_runtime::retry;

use crate::watch::{Page, Row, Service, Unavailable, consume, watched};

#[test]
fn what_is_only_borrowed_stays_one_thing() {
    #[retry(max = 3, delay = 1)]
    fn borrow(service: &Service, row: Row) -> Result<u32, Unavailable> {
        let seen = &row;
        service.call().map(|n| n + seen.id)
    }
    let (run, service, counts) = watched(2);
    assert_eq!(borrow(&service, counts.row()), Ok(10));
    assert_eq!(counts.clones_and_drops(), (0, 1));
    assert_eq!((service.calls(), run.waits().len()), (3, 2));
}

#[test]
fn only_what_is_consumed_is_cloned_and_not_for_the_last_attempt() {
    #[retry(max = 3, delay = 1)]
    fn one_of_two(service: &Service, kept: Row, given: Row) -> Result<u32, Unavailable> {
        let seen = consume(given);
        service.call().map(|n| n + seen + kept.id)
    }
    let (_run, service, counts) = watched(9);
    assert_eq!(
        one_of_two(&service, counts.row(), counts.row()),
        Err(Unavailable(3))
    );
    assert_eq!(counts.clones_and_drops(), (2, 4));

    let (_run, service, counts) = watched(1);
    assert_eq!(
        one_of_two(&service, counts.row(), counts.row()),
        Ok(16),
        "the second attempt could not know that it was the last"
    );
    assert_eq!(counts.clones_and_drops(), (2, 4));
}

#[test]
fn what_only_some_attempts_consume_is_cloned_for_all() {
    #[retry(max = 3, delay = 1)]
    fn consume_late(service: &Service, row: Row) -> Result<u32, Unavailable> {
        let n = service.call()?;
        Ok(n + consume(row))
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(consume_late(&service, counts.row()), Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));
}

#[test]
fn an_argument_may_be_moved_into_a_closure_a_struct_or_a_thread() {
    #[retry(max = 3, delay = 1)]
    fn into_closure(service: &Service, row: Row) -> Result<u32, Unavailable> {
        let later = move || consume(row);
        service.call().map(|n| n + later())
    }
    #[retry(max = 3, delay = 1)]
    fn into_struct(service: &Service, row: Row, number: u32) -> Result<Page, Unavailable> {
        let page = Page { row, number };
        service.call().map(|_| page)
    }
    #[retry(max = 3, delay = 1)]
    fn into_thread(service: &Service, row: Row) -> Result<u32, Unavailable> {
        let thread = std::thread::spawn(move || consume(row));
        let seen = thread.join().expect("no panic");
        service.call().map(|n| n + seen)
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(into_closure(&service, counts.row()), Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let (_run, service, counts) = watched(2);
    let page = into_struct(&service, counts.row(), 4).expect("the third attempt");
    assert_eq!((page.row.id, page.number), (7, 4));
    assert_eq!(counts.clones_and_drops(), (2, 2));

    let (_run, service, counts) = watched(2);
    assert_eq!(into_thread(&service, counts.row()), Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));
}

#[test]
fn a_part_is_cloned_where_only_a_part_is_consumed() {
    #[retry(max = 3, delay = 1)]
    fn part(service: &Service, pages: (Page, Page)) -> Result<u32, Unavailable> {
        let seen = consume(pages.0.row);
        service.call().map(|n| n + seen + pages.1.row.id)
    }
    let (_run, service, counts) = watched(2);
    let page = |number| Page {
        row: counts.row(),
        number,
    };
    assert_eq!(part(&service, (page(1), page(2))), Ok(17));
    assert_eq!(counts.clones_and_drops(), (2, 4));
}

#[test]
fn what_an_attempt_changes_in_its_own_arguments_is_not_seen_by_the_next() {
    #[retry(max = 3, delay = 1)]
    fn change(service: &Service, mut row: Row, mut rows: [u32; 2]) -> Result<u32, Unavailable> {
        row.id += 1;
        rows[1] += row.id;
        service.call().map(|n| n + rows[1])
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(change(&service, counts.row(), [0, 1]), Ok(12));
    assert_eq!(counts.clones_and_drops(), (2, 3));
}

#[test]
fn what_an_attempt_changes_through_a_reference_stays_changed() {
    #[retry(max = 3, delay = 1)]
    fn log(service: &Service, log: &mut Vec<u32>, row: Row) -> Result<u32, Unavailable> {
        log.push(row.id + log.len() as u32);
        service.call()
    }
    #[retry(max = 3, delay = 1, clone(row))]
    fn consume_too(
        service: &Service,
        log: &mut Vec<u32>,
        row: Row,
        mut by: u32,
    ) -> Result<u32, Unavailable> {
        by += consume(row);
        log.push(by);
        service.call()
    }
    #[retry(max = 3, delay = 1)]
    fn move_on(service: &Service, mut rows: &mut [u32]) -> Result<u32, Unavailable> {
        while let [first, rest @ ..] = rows {
            *first += 1;
            rows = rest;
        }
        service.call()
    }
    let (_run, service, counts) = watched(2);
    let mut seen = Vec::new();
    assert_eq!(log(&service, &mut seen, counts.row()), Ok(3));
    assert_eq!((seen, counts.clones_and_drops()), (vec![7, 8, 9], (0, 1)));

    let (_run, service, counts) = watched(2);
    let mut seen = Vec::new();
    assert_eq!(consume_too(&service, &mut seen, counts.row(), 4), Ok(3));
    assert_eq!((seen, counts.clones_and_drops()), (vec![11; 3], (3, 4)));

    let (_run, service, _) = watched(2);
    let mut rows = [1, 2];
    assert_eq!(move_on(&service, &mut rows), Ok(3));
    assert_eq!(rows, [4, 5]);
}

#[test]
fn arguments_may_have_attributes() {
    #[retry(max = 3, delay = 1)]
    fn with_attributes(
        service: &Service,
        #[cfg(any())] absent: NoSuchType,
        #[cfg(test)] row: Row,
        #[allow(unused_variables, reason = "an attribute on an argument")] unused: u8,
    ) -> Result<u32, Unavailable> {
        let seen = consume(row);
        service.call().map(|n| n + seen)
    }
    let (_run, service, counts) = watched(2);
    assert_eq!(with_attributes(&service, counts.row(), 1), Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));
}
