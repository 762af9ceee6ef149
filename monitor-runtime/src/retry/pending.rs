//! The alert of a call that is one attempt of a loop around it. Only the loop knows
//! whether another one follows; then there is nothing to alert about.

use std::cell::RefCell;
use std::sync::Arc;

use super::site::RetrySite;
use crate::attached::Attached;
use crate::core::CoreRef;
use crate::verdict::Failed;

/// A failure that is one if the attempt was the last.
pub(crate) struct Pending {
    pub(crate) core: CoreRef,
    pub(crate) attached: Arc<Attached>,
    pub(crate) failed: Failed,
}

thread_local! {
    /// An attempt's end and the decision on it follow each other on one thread. A stack,
    /// since a function may be called within its own attempts.
    static PENDING: RefCell<Vec<(&'static RetrySite, Box<Pending>)>> = const { RefCell::new(Vec::new()) };
}

/// Holds an alert back until `site` has decided.
pub(crate) fn hold(site: &'static RetrySite, alert: Pending) {
    let _ = PENDING.try_with(|pending| pending.borrow_mut().push((site, Box::new(alert))));
}

/// What the last attempt of `site` held back.
pub(super) fn take(site: &'static RetrySite) -> Held {
    let take = |pending: &RefCell<Vec<(&'static RetrySite, Box<Pending>)>>| {
        let mut pending = pending.borrow_mut();
        let index = pending.iter().rposition(|(other, _)| other.is(site))?;
        Some(pending.remove(index).1)
    };
    Held(PENDING.try_with(take).ok().flatten())
}

/// An alert that is raised when this is dropped: also where a closure of the user's
/// panics that was to decide.
pub(super) struct Held(Option<Box<Pending>>);

impl Held {
    pub(super) fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// Another attempt follows.
    pub(super) fn forget(mut self) {
        if let Some(held) = self.0.take() {
            let Failed { below, text, .. } = &held.failed;
            held.attached.desk.tried_again(*below, text);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(held) = self.0.take() {
            let failure = held.attached.failed(&held.core, &held.failed);
            held.core.pass_on(failure);
        }
    }
}
