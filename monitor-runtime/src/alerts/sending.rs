//! The moment from which on an alert may arrive: as late as a channel can tell it.
//!
//! A process that is killed before it has sent nothing, and the next one sends it as if for
//! the first time; one that is killed after may have. So a channel does not say it when it
//! begins to connect, but when its message leaves. One that repeats itself harmlessly, as
//! mail does by its Message-ID, does not say it at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

tokio::task_local! {
    static SENDING: Sending;
}

/// Whom to tell.
#[derive(Clone)]
pub(super) struct Sending(Arc<Told>);

struct Told {
    tell: Box<dyn Fn() + Send + Sync>,
    is_told: AtomicBool,
}

impl Sending {
    /// `tell` is called once at most.
    pub(super) fn new(tell: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(Told {
            tell: Box::new(tell),
            is_told: AtomicBool::new(false),
        }))
    }

    /// The message leaves.
    pub(super) fn begins(&self) {
        if !self.0.is_told.swap(true, Ordering::Relaxed) {
            (self.0.tell)();
        }
    }

    /// Makes an attempt, in which [`current`] gives this.
    pub(super) async fn during<F: Future>(self, attempt: F) -> F::Output {
        SENDING.scope(self, attempt).await
    }
}

/// Whom the attempt under way is to tell.
pub(super) fn current() -> Option<Sending> {
    SENDING.try_with(Clone::clone).ok()
}
