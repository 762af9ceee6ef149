//! What sync functions return: results by every name, and errors of every kind.

use std::error::Error;
use std::io;
use std::rc::Rc;

use monitor_runtime::retry;

use crate::watch::{Row, Service, Unavailable, consume, watched};

type Own<T, E = Unavailable> = Result<T, E>;
type Rows = Own<Vec<Row>>;

#[test]
fn results_by_another_name() {
    #[retry(max = 3, delay = 1)]
    fn of_io(service: &Service, row: Row) -> io::Result<u32> {
        let seen = consume(row);
        service.call().map(|n| n + seen).map_err(io::Error::other)
    }
    #[retry(max = 3, delay = 1)]
    fn with_default(service: &Service) -> Own<u32> {
        service.call()
    }
    #[retry(max = 3, delay = 1)]
    fn with_its_own(service: &Service) -> Own<u32, String> {
        service.call().map_err(|error| error.to_string())
    }
    #[retry(max = 3, delay = 1)]
    fn without_parameters(service: &Service, rows: Vec<Row>) -> Rows {
        service.call()?;
        Ok(rows)
    }
    let (_run, service, counts) = watched(2);
    assert!(of_io(&service, counts.row()).is_ok_and(|n| n == 10));
    let error = of_io(&Service::failing(9), counts.row()).expect_err("no attempt is left");
    assert_eq!(error.to_string(), "call 3 failed");
    assert_eq!(counts.clones_and_drops(), (4, 6));
    assert_eq!(with_default(&Service::failing(2)), Ok(3));
    assert_eq!(
        with_its_own(&Service::failing(9)),
        Err("call 3 failed".to_owned())
    );
    let rows = without_parameters(&Service::failing(1), vec![counts.row()]);
    assert!(rows.is_ok_and(|rows| rows.len() == 1));
}

#[test]
fn errors_in_a_box_and_of_anyhow() {
    #[retry(max = 3, delay = 1)]
    fn boxed(service: &Service, text: &str) -> Result<u32, Box<dyn Error>> {
        let by: u32 = text.parse()?;
        Ok(service.call()? + by)
    }
    #[retry(max = 3, delay = 1)]
    fn boxed_and_sent(service: &Service) -> Result<u32, Box<dyn Error + Send + Sync + 'static>> {
        let n = service.call()?;
        if n > 3 { Err("too late".into()) } else { Ok(n) }
    }
    #[retry(max = 3, delay = 1)]
    fn of_anyhow(service: &Service, row: Row) -> anyhow::Result<u32> {
        use anyhow::Context as _;
        let seen = consume(row);
        let n = service.call().context("not there")?;
        anyhow::ensure!(n == 3, "{n} is too late");
        Ok(n + seen)
    }
    let (run, service, counts) = watched(2);
    assert!(boxed(&service, "4").is_ok_and(|n| n == 7));
    assert!(boxed(&service, "four").is_err_and(|error| error.is::<std::num::ParseIntError>()));
    assert_eq!((service.calls(), run.waits().len()), (3, 4));
    assert!(boxed_and_sent(&Service::failing(2)).is_ok_and(|n| n == 3));
    let error = boxed_and_sent(&Service::failing(4)).expect_err("no attempt is left");
    assert_eq!(error.to_string(), "call 3 failed");
    let service = Service::failing(2);
    assert!(of_anyhow(&service, counts.row()).is_ok_and(|n| n == 10));
    let error = of_anyhow(&service, counts.row()).expect_err("it is too late");
    assert_eq!(error.to_string(), "6 is too late");
    assert_eq!(counts.clones_and_drops(), (4, 6));
}

/// Neither `Clone` nor `Debug` nor `Send`.
struct Opaque(Rc<u32>);

impl From<Unavailable> for Opaque {
    fn from(error: Unavailable) -> Self {
        Self(Rc::new(error.0))
    }
}

#[test]
fn an_error_need_not_be_anything() {
    #[retry(max = 3, delay = 1)]
    fn fail(service: &Service) -> Result<u32, Opaque> {
        Ok(service.call()?)
    }
    #[retry(max = 3, delay = 1)]
    fn with_the_argument(service: &Service, row: Row) -> Result<Row, Row> {
        match service.call() {
            Ok(_) => Ok(row),
            Err(_) => Err(row),
        }
    }
    #[retry(max = 3, delay = 1)]
    fn with_a_reference<'a>(service: &Service, row: &'a Row) -> Result<u32, &'a Row> {
        service.call().map_err(|_| row)
    }
    #[retry(max = 3, delay = 1)]
    fn without_size(service: &Service, (): ()) -> Result<(), ()> {
        service.call().map(drop).map_err(drop)
    }
    let (run, service, counts) = watched(9);
    let error = fail(&service).expect_err("no attempt is left");
    assert_eq!((*error.0, Rc::strong_count(&error.0)), (3, 1));

    let row = with_the_argument(&service, counts.row()).expect_err("no attempt is left");
    assert_eq!((row.id, counts.clones_and_drops()), (7, (2, 2)));
    let given = with_a_reference(&service, &row).expect_err("no attempt is left");
    assert!(std::ptr::eq(given, &raw const row));

    assert_eq!(without_size(&service, ()), Ok(()));
    assert_eq!((service.calls(), run.waits().len()), (10, 6));
}

#[test]
fn a_result_in_a_result_counts_as_a_success() {
    #[retry(max = 3, delay = 1)]
    fn inside(service: &Service) -> Result<Result<u32, Unavailable>, Unavailable> {
        Ok(service.call())
    }
    let (run, service, _) = watched(2);
    assert_eq!(inside(&service), Ok(Err(Unavailable(1))));
    assert_eq!(run.waits().len(), 0);
}
