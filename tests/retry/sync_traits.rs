//! Sync methods of traits, with a body and without, generic ones and those of `dyn`.

use monitor_runtime::retry;

use crate::watch::{Row, Service, Unavailable, consume, watched};

trait Source {
    const BY: u32;

    fn service(&self) -> &Service;

    #[retry(max = 3, delay = 1)]
    fn provided(&self, given: Row) -> Result<u32, Unavailable> {
        let seen = consume(given);
        self.service().call().map(|n| n + seen + Self::BY)
    }

    #[retry(max = 3, delay = 1)]
    fn provided_and_consumed(self) -> Result<Self, Unavailable>
    where
        Self: Sized + Clone,
    {
        self.service().call()?;
        Ok(self)
    }

    #[retry(max = 3, delay = 1)]
    fn provided_and_changed(&mut self, log: &mut Vec<u32>) -> Result<u32, Unavailable> {
        log.push(Self::BY);
        self.service().call()
    }

    fn required(&mut self, given: Row) -> Result<u32, Unavailable>;

    fn associated<S>(service: &S, row: Row) -> Result<u32, Unavailable>
    where
        S: AsRef<Service> + ?Sized;
}

#[derive(Clone)]
struct Api<'a> {
    service: &'a Service,
    row: Row,
    requests: u32,
}

impl Source for Api<'_> {
    const BY: u32 = 4;

    fn service(&self) -> &Service {
        self.service
    }

    #[retry(max = 3, delay = 1, clone(given))]
    fn required(&mut self, given: Row) -> Result<u32, Unavailable> {
        self.requests += consume(given);
        self.service.call().map(|_| self.requests)
    }

    #[retry(max = 3, delay = 1)]
    fn associated<S>(service: &S, row: Row) -> Result<u32, Unavailable>
    where
        S: AsRef<Service> + ?Sized,
    {
        let seen = consume(row);
        service.as_ref().call().map(|n| n + seen + Self::BY)
    }
}

impl AsRef<Self> for Service {
    fn as_ref(&self) -> &Self {
        self
    }
}

#[test]
fn methods_with_a_body_in_the_trait() {
    let (_run, service, counts) = watched(2);
    let api = Api {
        service: &service,
        row: counts.row(),
        requests: 0,
    };
    assert_eq!(api.provided(counts.row()), Ok(14));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let service = Service::failing(2);
    let api = Api {
        service: &service,
        ..api
    };
    let mut api = api.provided_and_consumed().expect("the third attempt");
    assert_eq!(counts.clones_and_drops(), (4, 5));

    let service = Service::failing(2);
    api.service = &service;
    let mut log = Vec::new();
    assert_eq!(api.provided_and_changed(&mut log), Ok(3));
    assert_eq!(log, [4; 3]);
}

#[test]
fn methods_that_implement_a_trait() {
    let (_run, service, counts) = watched(2);
    let mut api = Api {
        service: &service,
        row: counts.row(),
        requests: 0,
    };
    assert_eq!(api.required(counts.row()), Ok(21));
    assert_eq!(counts.clones_and_drops(), (3, 4));

    let (_run, service, counts) = watched(2);
    assert_eq!(Api::associated(&service, counts.row()), Ok(14));
    assert_eq!(counts.clones_and_drops(), (2, 3));
    assert_eq!(api.row.id, 7);
}

trait Ask {
    fn ask(&self, row: &Row) -> Result<u32, Unavailable>;
}

impl Ask for Service {
    #[retry(max = 3, delay = 1)]
    fn ask(&self, row: &Row) -> Result<u32, Unavailable> {
        self.call().map(|n| n + row.id)
    }
}

#[test]
fn arguments_behind_dyn() {
    #[retry(max = 3, delay = 1)]
    fn by_reference(source: &dyn Ask, row: Row) -> Result<u32, Unavailable> {
        source.ask(&row)
    }
    #[retry(max = 3, delay = 1)]
    fn by_box(source: Box<dyn Ask + '_>, row: Row) -> Result<u32, Unavailable> {
        source.ask(&row)
    }
    #[retry(max = 3, delay = 1)]
    fn by_mutable_reference(
        service: &Service,
        log: &mut dyn FnMut(u32),
    ) -> Result<u32, Unavailable> {
        log(service.calls());
        service.call()
    }
    let (run, service, counts) = watched(7);
    assert_eq!(by_reference(&service, counts.row()), Ok(15));
    assert_eq!((service.calls(), run.waits().len()), (8, 7));
    assert_eq!(counts.clones_and_drops(), (0, 1));

    let (_run, service, counts) = watched(2);
    let lent = Box::new(Lent(&service));
    assert_eq!(by_box(lent, counts.row()), Ok(10));
    assert_eq!(counts.clones_and_drops(), (0, 1));

    let (_run, service, _) = watched(2);
    let mut log = Vec::new();
    assert_eq!(by_mutable_reference(&service, &mut |n| log.push(n)), Ok(3));
    assert_eq!(log, [0, 1, 2]);
}

struct Lent<'a>(&'a Service);

impl Ask for Lent<'_> {
    fn ask(&self, row: &Row) -> Result<u32, Unavailable> {
        self.0.call().map(|n| n + row.id)
    }
}
