//! How a retried function is written: qualifiers, other attributes, names.

use monitor_runtime::retry as again;
use monitor_runtime::{monitored, retry};
use monitor_unchanged::monitored as unchanged;

use crate::watch::{Row, Service, Unavailable, consume, watched};

mod inner {
    use super::{Row, Service, Unavailable, consume, retry};

    /// Documented.
    #[doc = "Twice."]
    #[inline]
    #[must_use = "it may have failed"]
    #[retry(max = 3, delay = 1)]
    pub(crate) fn attributes_above(service: &Service, row: Row) -> Result<u32, Unavailable> {
        let seen = consume(row);
        service.call().map(|n| n + seen)
    }

    #[retry(max = 3, delay = 1)]
    /// Documented below.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn attributes_below(service: &Service, row: Row) -> Result<u32, Unavailable> {
        #![allow(clippy::let_and_return, reason = "an attribute in the body")]
        let n = service.call().map(|n| n + row.id);
        n
    }
}

#[retry(max = 3, delay = 1)]
#[allow(improper_ctypes_definitions, reason = "only Rust calls it")]
extern "C" fn foreign(service: &Service, number: u32) -> Result<u32, Unavailable> {
    service.call().map(|n| n + number)
}

#[retry(max = 3, delay = 1, clone(r#type))]
fn r#try(service: &Service, r#in: &mut u32, r#type: Row) -> Result<u32, Unavailable> {
    *r#in += consume(r#type);
    service.call().map(|n| n + *r#in)
}

#[retry(max = 3, delay = 1)]
fn everyday_names(
    service: &Service,
    attempt: Row,
    n: u32,
    out: u32,
    run: u32,
) -> Result<u32, Unavailable> {
    let seen = consume(attempt);
    service.call().map(|wait| wait + seen + n + out + run)
}

#[again(max = 3, delay = 1)]
fn renamed(service: &Service) -> Result<u32, Unavailable> {
    service.call()
}

#[cfg_attr(all(), retry(max = 3, delay = 1))]
#[cfg_attr(any(), retry(max = 9, delay = 1))]
fn conditional(service: &Service) -> Result<u32, Unavailable> {
    service.call()
}

#[monitor_runtime::retry]
fn by_path(service: &Service) -> Result<u32, Unavailable> {
    service.call()
}

#[test]
fn qualifiers_names_and_other_attributes() {
    let (_run, service, counts) = watched(2);
    assert_eq!(inner::attributes_above(&service, counts.row()), Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));
    let service = Service::failing(2);
    assert_eq!(inner::attributes_below(&service, counts.row()), Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 4));

    let pointer: extern "C" fn(&Service, u32) -> Result<u32, Unavailable> = foreign;
    assert_eq!(pointer(&Service::failing(2), 4), Ok(7));

    let (_run, service, counts) = watched(2);
    assert_eq!(r#try(&service, &mut 4, counts.row()), Ok(28));
    assert_eq!(counts.clones_and_drops(), (3, 4));
    let service = Service::failing(2);
    assert_eq!(everyday_names(&service, counts.row(), 1, 2, 3), Ok(16));

    for function in [renamed, conditional, by_path] {
        let service = Service::failing(9);
        assert_eq!(function(&service), Err(Unavailable(3)));
    }
}

#[monitored(stage = "NBA-17", event = "ABOVE", fields(by))]
#[inline]
#[unchanged]
#[retry(max = 3, delay = 1)]
fn above(service: &Service, row: Row, by: u32) -> Result<u32, Unavailable> {
    let seen = consume(row);
    service.call().map(|n| n + seen + by)
}

#[again(max = 3, delay = 1)]
#[allow(clippy::unnecessary_wraps, reason = "an attribute between the two")]
#[monitored(stage = "NBA-18", event = "BELOW", fields(by))]
fn below(service: &Service, row: Row, by: u32) -> Result<u32, Unavailable> {
    let seen = consume(row);
    service.call().map(|n| n + seen + by)
}

#[cfg_attr(all(), monitored(stage = "NBA-17", event = "ABOVE"))]
#[must_use = "it may have failed"]
#[cfg_attr(all(), again(max = 3, delay = 1))]
async fn above_async(service: &Service, row: Row) -> Result<u32, Unavailable> {
    let seen = consume(row);
    service.call().map(|n| n + seen)
}

#[retry(max = 3, delay = 1)]
#[doc(hidden)]
#[unchanged]
#[monitored(stage = "NBA-18", event = "BELOW")]
async fn below_async(service: &Service, row: Row) -> Result<u32, Unavailable> {
    let seen = consume(row);
    service.call().map(|n| n + seen)
}

#[tokio::test]
async fn the_written_order_decides_whatever_stands_between() {
    let (run, service, counts) = watched(2);
    assert_eq!(above(&service, counts.row(), 4), Ok(14));
    assert_eq!(below(&Service::failing(2), counts.row(), 4), Ok(14));
    assert_eq!(counts.clones_and_drops(), (4, 6));
    let service = Service::failing(2);
    assert_eq!(above_async(&service, counts.row()).await, Ok(10));
    let service = Service::failing(2);
    assert_eq!(below_async(&service, counts.row()).await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (8, 12));

    let ends = run.events("ABOVE_END");
    let attempts: Vec<_> = ends.iter().map(|end| &end["data"]["attempts"]).collect();
    assert_eq!(attempts, [3, 3]);
    assert_eq!(run.events("ABOVE_ERROR").len(), 0);
    let ends = run.events("BELOW_END");
    let attempts: Vec<_> = ends.iter().map(|end| &end["data"]["attempt"]).collect();
    assert_eq!(attempts, [3, 3]);
    assert_eq!(run.events("BELOW_ERROR").len(), 4);
}
