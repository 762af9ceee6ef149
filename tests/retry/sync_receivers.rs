//! Sync methods: every receiver, and traits.

use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use monitor_runtime::retry;

use crate::watch::{Row, Service, Unavailable, consume, watched};

#[derive(Clone)]
struct Client<'a> {
    service: &'a Service,
    row: Row,
    requests: u32,
}

impl<'a> Client<'a> {
    #[retry(max = 3, delay = 1)]
    fn by_reference(&self, given: Row) -> Result<u32, Unavailable> {
        let seen = consume(given);
        self.service.call().map(|n| n + seen + self.row.id)
    }

    #[retry(max = 3, delay = 1)]
    fn by_mutable_reference(&mut self, kept: Row) -> Result<u32, Unavailable> {
        self.requests += kept.id;
        self.service.call().map(|_| self.requests)
    }

    #[retry(max = 3, delay = 1, clone(given))]
    fn by_mutable_reference_and_clone(&mut self, given: Row) -> Result<u32, Unavailable> {
        self.requests += consume(given);
        self.service.call()?;
        Ok(self.requests)
    }

    #[retry(max = 3, delay = 1)]
    fn by_value(self) -> Result<Row, Unavailable> {
        self.service.call()?;
        Ok(self.row)
    }

    #[retry(max = 3, delay = 1)]
    fn by_value_but_borrowed(self) -> Result<u32, Unavailable> {
        self.service.call().map(|n| n + self.row.id)
    }

    #[retry(max = 3, delay = 1)]
    fn by_value_and_changed(self) -> Result<u32, Unavailable> {
        let mut this = self;
        this.requests += 1;
        this.service.call().map(|_| this.requests)
    }

    #[retry(max = 3, delay = 1)]
    #[allow(clippy::boxed_local, reason = "a form of the receiver")]
    fn by_box(self: Box<Self>) -> Result<Row, Unavailable> {
        self.service.call()?;
        Ok(self.row)
    }

    #[retry(max = 3, delay = 1)]
    fn by_rc(self: Rc<Self>) -> Result<Rc<Self>, Unavailable> {
        self.service.call().map(|_| self)
    }

    #[retry(max = 2, delay = 1)]
    fn by_arc(self: Arc<Self>) -> Result<usize, Unavailable> {
        self.service.call().map(|_| Arc::strong_count(&self))
    }

    #[retry(max = 3, delay = 1)]
    fn by_reference_to_arc(self: &Arc<Self>) -> Result<Arc<Self>, Unavailable> {
        let shared = Arc::clone(self);
        self.service.call().map(|_| shared)
    }

    #[retry(max = 3, delay = 1)]
    fn by_shared_pin(self: Pin<&Self>) -> Result<u32, Unavailable> {
        let this = self.get_ref();
        this.service.call().map(|n| n + this.row.id)
    }

    #[retry(max = 3, delay = 1)]
    fn by_pin(self: Pin<&mut Self>) -> Result<u32, Unavailable> {
        self.service.call().map(|n| n + self.row.id)
    }

    #[retry(max = 3, delay = 1)]
    fn associated(service: &'a Service, row: Row) -> Result<Self, Unavailable> {
        service.call().map(|requests| Self {
            service,
            row,
            requests,
        })
    }

    #[retry(max = 3, delay = 1)]
    fn lent(&self) -> Result<&Row, Unavailable> {
        self.service.call()?;
        Ok(&self.row)
    }

    #[retry(max = 3, delay = 1)]
    fn lent_for_longer(&self) -> Result<&'a Service, Unavailable> {
        self.service.call().map(|_| self.service)
    }
}

#[test]
fn a_reference_to_self_is_shared_by_all_attempts() {
    let (_run, service, counts) = watched(2);
    let client = Client::associated(&service, counts.row()).expect("the third attempt");
    assert_eq!((client.requests, counts.clones_and_drops()), (3, (2, 2)));

    let (_run, service, counts) = watched(2);
    let client = Client {
        service: &service,
        row: counts.row(),
        requests: 0,
    };
    assert_eq!(client.by_reference(counts.row()), Ok(17));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let service = Service::failing(2);
    let client = Client {
        service: &service,
        ..client
    };
    let lent = client.lent().expect("the third attempt");
    assert!(std::ptr::eq(lent, &raw const client.row));
    let lent = client.lent_for_longer().expect("the fourth attempt");
    drop(client);
    assert_eq!(lent.calls(), 4);
}

#[test]
fn changes_of_self_stay_and_clone_is_for_each_attempt() {
    let (_run, service, counts) = watched(2);
    let mut client = Client {
        service: &service,
        row: counts.row(),
        requests: 0,
    };
    assert_eq!(client.by_mutable_reference(counts.row()), Ok(21));
    assert_eq!(counts.clones_and_drops(), (0, 1));

    let service = Service::failing(2);
    client.service = &service;
    assert_eq!(client.by_mutable_reference_and_clone(counts.row()), Ok(42));
    assert_eq!(counts.clones_and_drops(), (3, 5));
}

#[test]
fn a_self_that_is_consumed_is_cloned() {
    type Method<'a> = fn(Client<'a>) -> Result<u32, Unavailable>;
    let by_value = |client: Client<'_>| client.by_value().map(consume);
    let by_box = |client: Client<'_>| Box::new(client).by_box().map(consume);
    let methods: [(Method<'_>, u32, u32); 4] = [
        (by_value, 7, 2),
        (by_box, 7, 2),
        (Client::by_value_and_changed, 1, 2),
        (Client::by_value_but_borrowed, 10, 0),
    ];
    let services = [2; 4].map(Service::failing);
    for ((method, expected, clones), service) in methods.into_iter().zip(&services) {
        let (_run, _, counts) = watched(0);
        let client = Client {
            service,
            row: counts.row(),
            requests: 0,
        };
        assert_eq!(method(client), Ok(expected));
        assert_eq!(counts.clones_and_drops(), (clones, clones + 1));
        assert_eq!(service.calls(), 3);
    }
}

#[test]
fn a_shared_self_is_never_cloned_itself() {
    let client = |service, row| Client {
        service,
        row,
        requests: 0,
    };
    let (_run, service, counts) = watched(1);
    let rc = Rc::new(client(&service, counts.row()));
    assert!(rc.by_rc().is_ok_and(|rc| Rc::strong_count(&rc) == 1));

    let service = Service::failing(1);
    let arc = Arc::new(client(&service, counts.row()));
    assert_eq!(arc.by_arc(), Ok(1), "borrowed, and so never cloned");

    let service = Service::failing(2);
    let arc = Arc::new(client(&service, counts.row()));
    assert!(
        arc.by_reference_to_arc()
            .is_ok_and(|other| Arc::ptr_eq(&arc, &other))
    );

    let services = [2; 2].map(Service::failing);
    let mut pinned = client(&services[0], counts.row());
    assert_eq!(Pin::new(&pinned).by_shared_pin(), Ok(10));
    pinned.service = &services[1];
    assert_eq!(Pin::new(&mut pinned).by_pin(), Ok(10));
    drop((arc, pinned));
    assert_eq!(counts.clones_and_drops(), (0, 4));
}
