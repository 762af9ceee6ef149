//! Async methods: every receiver, and traits with `async fn`.

use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use monitor_runtime::retry;
use tokio::task::yield_now;

use crate::watch::{Row, Service, Unavailable, consume, watched};

#[derive(Clone)]
struct Client<'a> {
    service: &'a Service,
    row: Row,
    requests: u32,
}

impl<'a> Client<'a> {
    #[retry(max = 3, delay = 1)]
    async fn by_reference(&self, given: Row) -> Result<u32, Unavailable> {
        let seen = consume(given);
        yield_now().await;
        self.service.call().map(|n| n + seen + self.row.id)
    }

    #[retry(max = 3, delay = 1, clone(given))]
    async fn by_mutable_reference(&mut self, given: Row, kept: Row) -> Result<u32, Unavailable> {
        self.requests += consume(given);
        yield_now().await;
        self.service.call().map(|n| n + self.requests + kept.id)
    }

    #[retry(max = 3, delay = 1)]
    async fn by_value(self) -> Result<Row, Unavailable> {
        self.service.call()?;
        yield_now().await;
        Ok(self.row)
    }

    #[retry(max = 3, delay = 1)]
    async fn by_value_but_borrowed(self) -> Result<u32, Unavailable> {
        yield_now().await;
        self.service.call().map(|n| n + self.row.id)
    }

    #[retry(max = 3, delay = 1)]
    #[allow(clippy::boxed_local, reason = "a form of the receiver")]
    async fn by_box(self: Box<Self>) -> Result<Row, Unavailable> {
        self.service.call()?;
        Ok(self.row)
    }

    #[retry(max = 2, delay = 1)]
    async fn by_rc(self: Rc<Self>) -> Result<usize, Unavailable> {
        yield_now().await;
        self.service.call().map(|_| Rc::strong_count(&self))
    }

    #[retry(max = 2, delay = 1)]
    async fn by_arc(self: Arc<Self>) -> Result<Arc<Self>, Unavailable> {
        yield_now().await;
        self.service.call().map(|_| self)
    }

    #[retry(max = 3, delay = 1)]
    async fn by_reference_to_arc(self: &Arc<Self>) -> Result<Arc<Self>, Unavailable> {
        let shared = Arc::clone(self);
        yield_now().await;
        self.service.call().map(|_| shared)
    }

    #[retry(max = 3, delay = 1)]
    async fn by_pin(self: Pin<&mut Self>) -> Result<u32, Unavailable> {
        yield_now().await;
        self.service.call().map(|n| n + self.row.id)
    }

    #[retry(max = 3, delay = 1)]
    async fn associated(service: &'a Service, row: Row) -> Result<Self, Unavailable> {
        service.call().map(|requests| Self {
            service,
            row,
            requests,
        })
    }

    #[retry(max = 3, delay = 1)]
    async fn lent(&self) -> Result<&Row, Unavailable> {
        yield_now().await;
        self.service.call()?;
        Ok(&self.row)
    }
}

fn client(service: &Service, row: Row) -> Client<'_> {
    Client {
        service,
        row,
        requests: 0,
    }
}

#[tokio::test]
async fn a_reference_to_self_is_shared_by_all_attempts() {
    let (_run, service, counts) = watched(2);
    let made = Client::associated(&service, counts.row()).await;
    assert!(made.is_ok_and(|client| client.requests == 3));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let (_run, service, counts) = watched(2);
    let mut shared = client(&service, counts.row());
    assert_eq!(shared.by_reference(counts.row()).await, Ok(17));
    assert_eq!(counts.clones_and_drops(), (2, 3));
    let service = Service::failing(2);
    shared.service = &service;
    let lent = shared.lent().await.expect("the third attempt");
    assert!(std::ptr::eq(lent, &raw const shared.row));
}

#[tokio::test]
async fn changes_of_self_stay_and_clone_is_for_each_attempt() {
    let (_run, service, counts) = watched(2);
    let mut changed = client(&service, counts.row());
    let out = changed.by_mutable_reference(counts.row(), counts.row());
    assert_eq!(out.await, Ok(31));
    assert_eq!(counts.clones_and_drops(), (3, 5));
}

#[tokio::test]
async fn a_self_that_is_consumed_is_cloned_and_one_that_is_borrowed_is_not() {
    let (_run, service, counts) = watched(2);
    let row = client(&service, counts.row()).by_value().await;
    assert_eq!(row.map(consume), Ok(7));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let (_run, service, counts) = watched(2);
    let row = Box::new(client(&service, counts.row())).by_box().await;
    assert_eq!(row.map(consume), Ok(7));
    assert_eq!(counts.clones_and_drops(), (2, 3));

    let (_run, service, counts) = watched(2);
    let out = client(&service, counts.row()).by_value_but_borrowed();
    assert_eq!(out.await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (0, 1));
}

#[tokio::test]
async fn a_shared_self_is_never_cloned_itself() {
    let (_run, service, counts) = watched(1);
    let rc = Rc::new(client(&service, counts.row()));
    assert_eq!(rc.by_rc().await, Ok(1), "borrowed, and so never cloned");

    let service = Service::failing(1);
    let arc = Arc::new(client(&service, counts.row()));
    let out = arc.by_arc().await;
    assert!(out.is_ok_and(|arc| Arc::strong_count(&arc) == 1));

    let service = Service::failing(2);
    let arc = Arc::new(client(&service, counts.row()));
    let out = arc.by_reference_to_arc().await;
    assert!(out.is_ok_and(|other| Arc::ptr_eq(&arc, &other)));

    let service = Service::failing(2);
    let mut pinned = client(&service, counts.row());
    assert_eq!(Pin::new(&mut pinned).by_pin().await, Ok(10));
    drop((arc, pinned));
    assert_eq!(counts.clones_and_drops(), (0, 4));
}

trait Source {
    fn service(&self) -> &Service;

    #[retry(max = 3, delay = 1)]
    async fn provided(&self, given: Row) -> Result<u32, Unavailable> {
        let seen = consume(given);
        yield_now().await;
        self.service().call().map(|n| n + seen)
    }

    async fn required(&mut self, by: u32) -> Result<u32, Unavailable>;

    async fn associated<T: Into<u32> + Clone>(service: &Service, by: T)
    -> Result<u32, Unavailable>;
}

impl Source for Client<'_> {
    fn service(&self) -> &Service {
        self.service
    }

    #[retry(max = 3, delay = 1)]
    async fn required(&mut self, by: u32) -> Result<u32, Unavailable> {
        self.requests += by;
        yield_now().await;
        self.service.call().map(|n| n + self.requests)
    }

    #[retry(max = 3, delay = 1)]
    async fn associated<T: Into<u32> + Clone>(
        service: &Service,
        by: T,
    ) -> Result<u32, Unavailable> {
        let by = by.into();
        yield_now().await;
        service.call().map(|n| n + by)
    }
}

#[tokio::test]
async fn methods_of_a_trait() {
    let (_run, service, counts) = watched(2);
    let mut api = client(&service, counts.row());
    assert_eq!(api.provided(counts.row()).await, Ok(10));
    assert_eq!(counts.clones_and_drops(), (2, 3));
    let service = Service::failing(2);
    api.service = &service;
    assert_eq!(api.required(2).await, Ok(9));
    let service = Service::failing(2);
    assert_eq!(
        <Client<'_> as Source>::associated(&service, 4_u8).await,
        Ok(7)
    );
}
