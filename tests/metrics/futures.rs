//! Futures that are polled by hand.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// A future that any thread may poll.
pub(crate) type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

pub(crate) fn poll<T>(future: &mut Boxed<T>) -> Poll<T> {
    future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
}

/// What the future gives, which does not wait for anything.
pub(crate) fn finish<T>(mut future: Boxed<T>) -> T {
    loop {
        if let Poll::Ready(value) = poll(&mut future) {
            return value;
        }
    }
}

/// Ready when it is polled for the second time.
pub(crate) struct Once(bool);

impl Once {
    pub(crate) fn new() -> Self {
        Self(false)
    }
}

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}
